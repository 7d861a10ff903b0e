import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from inventory.availability import saleable
from inventory.models import Reservation
from inventory.reservation import release_expired, release_reservations, reserve
from inventory.shortage import InsufficientStock
from inventory.tasks import release_expired_reservations
from tests.inventory.shelf import make_stock_record, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN02")]


def run_out() -> None:
    Reservation.objects.filter(released_at__isnull=True).update(expires_at=Now() - timedelta(seconds=1))


def test_the_same_wish_again_answers_the_same_reservation() -> None:
    record = stocked(5)
    first = reserve(claim="order:1", quantities={record.pk: 5}, minutes=15)
    again = reserve(claim="order:1", quantities={record.pk: 5}, minutes=60)
    assert [one.pk for one in again] == [one.pk for one in first]
    assert again[0].expires_at == first[0].expires_at
    assert saleable(record.pk) == 0


def test_another_wish_of_the_same_claim_replaces_the_first() -> None:
    throw, lamp = stocked(5), stocked(5)
    reserve(claim="order:1", quantities={throw.pk: 4, lamp.pk: 1}, minutes=15)
    reserve(claim="order:1", quantities={throw.pk: 5}, minutes=15)
    assert (saleable(throw.pk), saleable(lamp.pk)) == (0, 5)


def test_a_claim_can_reserve_again_after_its_time_ran_out() -> None:
    record = stocked(1)
    reserve(claim="order:1", quantities={record.pk: 1}, minutes=15)
    run_out()
    release_expired()
    renewed = reserve(claim="order:1", quantities={record.pk: 1}, minutes=15)
    assert len(renewed) == 1
    assert saleable(record.pk) == 0


def test_all_or_nothing_and_every_short_line_is_named() -> None:
    plenty, few, none = stocked(9), stocked(2, title="Oak stool"), make_stock_record(title="Clay vase")
    with pytest.raises(InsufficientStock) as refused:
        reserve(claim="order:1", quantities={plenty.pk: 1, few.pk: 3, none.pk: 1}, minutes=15)
    assert [(one.stock_record_id, one.wanted, one.available) for one in refused.value.short_lines] == [
        (few.pk, 3, 2),
        (none.pk, 1, 0),
    ]
    assert str(refused.value) == "Only 2 of Oak stool are left; you asked for 3. Clay vase is sold out."
    assert Reservation.objects.count() == 0


def test_products_that_are_not_counted_need_no_reservation() -> None:
    service = make_stock_record(tracked=False)
    assert reserve(claim="order:1", quantities={service.pk: 1000}, minutes=15) == []


@pytest.mark.parametrize(("quantity", "minutes"), [(0, 15), (-1, 15), (1, 0)])
def test_nothing_or_for_no_time_is_not_a_reservation(quantity: int, minutes: int) -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        reserve(claim="order:1", quantities={stocked(1).pk: quantity}, minutes=minutes)


def test_releasing_twice_gives_back_once() -> None:
    record = stocked(3)
    reserve(claim="order:1", quantities={record.pk: 3}, minutes=15)
    assert release_reservations("order:1") == 1
    assert release_reservations("order:1") == 0
    assert saleable(record.pk) == 3


def test_tidying_marks_what_ran_out_and_only_that_and_may_run_twice() -> None:
    record = stocked(5)
    reserve(claim="order:1", quantities={record.pk: 2}, minutes=15)
    run_out()
    reserve(claim="order:2", quantities={record.pk: 2}, minutes=15)
    assert release_expired_reservations() == 1
    assert release_expired_reservations() == 0
    assert set(Reservation.objects.filter(released_at__isnull=True).values_list("claim", flat=True)) == {"order:2"}


def test_the_command_says_how_many_and_speaks_json() -> None:
    record = stocked(5)
    reserve(claim="order:1", quantities={record.pk: 2}, minutes=15)
    run_out()
    out = io.StringIO()
    call_command("expire_reservations", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"ok": True, "released": 1, "problem": ""}
    out = io.StringIO()
    call_command("expire_reservations", stdout=out)
    assert out.getvalue() == "0 reservations had run out and were released.\n"


def test_the_command_fails_with_exit_code_one_when_the_database_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def fail() -> int:
        raise OperationalError("the server is gone")

    monkeypatch.setattr("inventory.management.commands.expire_reservations.release_expired", fail)
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("expire_reservations", "--json", stdout=out)
    assert left.value.code == 1
    assert json.loads(out.getvalue())["problem"] == "the server is gone"
