"""Backorder and pre-order: how much may be sold that is not there, for which day, and who gets what comes in."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord

from catalog.kits.records import Kit, KitPart
from inventory import allocation, reservation
from inventory.allocation import LineDemand, allocate, cancel_allocations
from inventory.availability import records_in_stock, saleable
from inventory.backorder_policy import PolicyRefused, set_policy, shop_today
from inventory.backorders import fill_from_what_is_free
from inventory.ledger import Entry, count_stock
from inventory.models import Allocation, Backorder, BackorderPolicy, Reservation, StockLevel
from inventory.promises import stock_for
from inventory.reservation import release_expired, reserve
from inventory.shortage import InsufficientStock
from shop.outbox.models import OutboxEvent
from tests.inventory.shelf import make_stock_record, run_at_once, stock, stocked
from tests.inventory.test_the_lock_is_what_stops_overselling import (
    Competitor,
    forget_the_lock,
    run_between_check_and_write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN09")]


def in_days(days: int) -> date:
    return shop_today() + timedelta(days=days)


def ahead(record: StockRecord, cap: int = 5, *, kind: str = "backorder", days: int = 10) -> BackorderPolicy:
    return set_policy(stock_record_id=record.pk, kind=kind, cap=cap, promised_on=in_days(days))


def hold(claim: int, record: StockRecord, units: int) -> Reservation:
    (held,) = reserve(claim=f"order:{claim}", quantities={record.pk: units}, minutes=15)
    return held


def buy(claim: int, record: StockRecord, units: int) -> list[Allocation]:
    return allocate(claim=f"order:{claim}", lines=[LineDemand(f"line:{claim}", record.pk, units)], ship_country="DE")


def waits() -> dict[str, int]:
    return {one.claim: one.open_units for one in Backorder.objects.all() if one.open_units}


def allocated() -> dict[str, int]:
    return {one.claim: one.quantity - one.cancelled for one in Allocation.objects.all()}


def test_an_open_policy_adds_its_cap_to_what_can_be_sold() -> None:
    record = stocked(2)
    ahead(record, 5)
    assert saleable(record.pk) == 7
    found = stock_for([record.pk])
    assert (found.at_once(record.pk), found.wait_for(record.pk, 2)) == (2, None)
    wait = found.wait_for(record.pk, 3)
    assert wait is not None
    assert (wait.units, wait.on) == (1, in_days(10))
    assert wait.words_of(3).startswith("On backorder: sent from ")
    assert wait.words_of(3).endswith("(1 of 3; the rest at once)")


def test_a_sold_out_thing_that_is_sold_ahead_can_be_bought_and_is_not_in_stock() -> None:
    record, plain, both = make_stock_record(), make_stock_record(), stocked(1)
    ahead(record, 1, kind="pre-order")
    ahead(both, 1)
    assert saleable(record.pk) == 1
    assert list(records_in_stock().values_list("pk", flat=True)) == [both.pk]
    buy(1, record, 1)
    buy(2, both, 1)
    assert list(records_in_stock()) == []
    assert saleable(plain.pk) == 0
    assert stock_for([record.pk]).wait_for(record.pk) is None


@pytest.mark.parametrize("closed", ["the day passed", "staff closed it"])
def test_a_closed_policy_sells_nothing_more_and_keeps_what_it_promised(closed: str) -> None:
    record = make_stock_record()
    ahead(record, 5)
    hold(1, record, 3)
    if closed == "staff closed it":
        ahead(record, 5, kind="none")
    else:
        BackorderPolicy.objects.update(promised_on=shop_today() - timedelta(days=1))
    assert saleable(record.pk) == 0
    with pytest.raises(InsufficientStock):
        hold(2, record, 1)
    buy(1, record, 3)
    assert waits() == {"order:1": 3}


def test_a_kit_is_sold_ahead_as_far_as_its_parts_are() -> None:
    cup, pot, kit = make_stock_record(), stocked(4), make_stock_record(title="Tea for two")
    Kit.objects.create(stock_record=kit)
    KitPart.objects.create(kit_id=kit.pk, component=cup, quantity=2)
    KitPart.objects.create(kit_id=kit.pk, component=pot, quantity=1)
    ahead(cup, 6)
    assert saleable(kit.pk) == 3
    wait = stock_for([kit.pk]).wait_for(kit.pk)
    assert wait is not None
    assert wait.on == in_days(10)
    allocate(claim="order:1", lines=[LineDemand("line:1", kit.pk, 2)])
    assert waits() == {"order:1": 4}
    assert allocated() == {"order:1": 2}
    with pytest.raises(PolicyRefused, match="kit"):
        ahead(kit)


def test_more_than_shelf_and_cap_together_is_refused_in_words() -> None:
    record = stocked(1, title="Lamp")
    ahead(record, 2)
    with pytest.raises(InsufficientStock, match="Only 3 of Lamp are left; you asked for 4"):
        hold(1, record, 4)
    assert hold(1, record, 3).waiting == 2
    with pytest.raises(InsufficientStock, match="sold out"):
        hold(2, record, 1)


def test_what_comes_in_goes_to_the_oldest_order_first() -> None:
    record = make_stock_record()
    ahead(record, 9)
    for claim, units in ((1, 2), (2, 3), (3, 1)):
        buy(claim, record, units)
    stock(record, 4)
    assert allocated() == {"order:1": 2, "order:2": 2}
    assert waits() == {"order:2": 1, "order:3": 1}
    stock(record, 3)
    assert allocated() == {"order:1": 2, "order:2": 3, "order:3": 1}
    assert waits() == {}
    assert saleable(record.pk) == 1 + 9
    told = OutboxEvent.objects.filter(name="backorder.filled").values_list("payload__claim", flat=True)
    assert sorted(told) == ["order:1", "order:2", "order:2", "order:3"]
    level = StockLevel.objects.get()
    assert (level.on_hand, level.allocated) == (7, 6)


def test_units_held_at_the_till_are_not_given_to_those_who_wait() -> None:
    record = stocked(2)
    ahead(record, 5)
    hold(1, record, 2)
    buy(2, record, 3)
    assert waits() == {"order:2": 3}
    stock(record, 1)
    assert waits() == {"order:2": 2}
    buy(1, record, 2)
    assert allocated() == {"order:1": 2, "order:2": 1}


def test_who_pays_later_does_not_overtake_who_waits_already() -> None:
    record = make_stock_record()
    ahead(record, 5)
    hold(1, record, 2)
    buy(2, record, 2)
    stock(record, 3)
    assert allocated() == {"order:2": 2}
    buy(1, record, 2)
    assert allocated() == {"order:1": 1, "order:2": 2}
    assert waits() == {"order:1": 1}


def test_units_of_a_cancelled_order_go_to_who_waits_and_what_waits_is_given_up_first() -> None:
    record = stocked(2)
    ahead(record, 5)
    buy(1, record, 3)
    buy(2, record, 2)
    assert cancel_allocations("order:1", quantity=1) == 1
    assert (allocated(), waits()) == ({"order:1": 2}, {"order:2": 2})
    assert cancel_allocations("order:1") == 2
    assert (allocated(), waits()) == ({"order:1": 0, "order:2": 2}, {})


def test_units_of_a_reservation_that_ran_out_are_given_by_the_tidying() -> None:
    record = stocked(2)
    ahead(record, 5)
    hold(1, record, 2)
    buy(2, record, 2)
    Reservation.objects.update(expires_at=Now() - timedelta(milliseconds=1))
    assert saleable(record.pk) == 5
    release_expired()
    assert (allocated(), waits()) == ({"order:2": 2}, {})
    assert fill_from_what_is_free() == 0


def test_a_payment_that_comes_after_the_reservation_takes_what_is_left_or_nothing() -> None:
    record = make_stock_record()
    ahead(record, 2)
    hold(1, record, 2)
    Reservation.objects.update(expires_at=Now() - timedelta(milliseconds=1))
    buy(2, record, 1)
    with pytest.raises(InsufficientStock):
        buy(1, record, 2)
    assert waits() == {"order:2": 1}


def test_alerts_are_told_when_units_are_there_not_when_they_are_promised() -> None:
    record = make_stock_record()
    ahead(record, 2)
    assert not OutboxEvent.objects.filter(name="stock.available").exists()
    buy(1, record, 1)
    stock(record, 1)
    assert not OutboxEvent.objects.filter(name="stock.available").exists(), "the unit was waited for"
    stock(record, 1)
    assert OutboxEvent.objects.filter(name="stock.available").count() == 1


def test_a_later_day_is_an_event_for_each_order_that_waits_and_an_earlier_one_is_none() -> None:
    record = make_stock_record()
    ahead(record, 5, days=10)
    buy(1, record, 2)
    buy(2, record, 1)
    ahead(record, 5, days=5)
    assert not OutboxEvent.objects.filter(name="backorder.slipped").exists()
    ahead(record, 5, days=20)
    slips = OutboxEvent.objects.filter(name="backorder.slipped").order_by("pk")
    assert [one.payload["claim"] for one in slips] == ["order:1", "order:2"]
    assert {(one.payload["old"], one.payload["new"]) for one in slips} == {
        (in_days(5).isoformat(), in_days(20).isoformat())
    }
    ahead(record, 6, days=20)
    assert slips.count() == 2, "another cap is no slip"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cap": 1}, "2 units are sold ahead already"),
        ({"cap": 0}, "0 cannot be a cap"),
        ({"kind": "someday"}, "no way to sell ahead"),
        ({"days": -1}, "has passed; promise today"),
    ],
)
def test_a_policy_that_cannot_be_kept_is_refused(change: dict[str, Any], words: str) -> None:
    record = make_stock_record()
    ahead(record, 5)
    buy(1, record, 1)
    hold(2, record, 1)
    with pytest.raises(PolicyRefused, match=words):
        ahead(record, **{"cap": 5, **change})
    with pytest.raises(PolicyRefused, match="not counted"):
        ahead(make_stock_record(tracked=False))


def test_a_count_that_finds_more_fills_too() -> None:
    record = make_stock_record()
    ahead(record, 5)
    buy(1, record, 2)
    entry = Entry(stock_record_id=record.pk, actor_name="Ann", reason="found", idempotency_key="found")
    count_stock(entry, quantity=2)
    assert (allocated(), waits()) == ({"order:1": 2}, {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [hold, buy])
def test_of_many_buyers_at_once_exactly_as_many_succeed_as_the_cap_allows(act: Callable[..., Any]) -> None:
    record = stocked(3)
    ahead(record, 7)
    answers = run_at_once([lambda claim=claim: act(claim, record, 1) for claim in range(24)])
    refused = [one for one in answers if isinstance(one, InsufficientStock)]
    assert len(answers) - len(refused) == 10
    assert all(not isinstance(one, Exception) or isinstance(one, InsufficientStock) for one in answers)
    assert saleable(record.pk) == 0
    if act is buy:
        assert (sum(allocated().values()), sum(waits().values())) == (3, 7)
    else:
        assert sum(Reservation.objects.values_list("waiting", flat=True)) == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("with_lock", "sold"), [(True, 1), (False, 2)])
def test_it_is_the_lock_that_keeps_the_cap(monkeypatch: pytest.MonkeyPatch, with_lock: bool, sold: int) -> None:
    """A second buyer comes exactly between check and write: without the lock both get the last unit of the cap."""
    record = make_stock_record()
    ahead(record, 1)
    if not with_lock:
        forget_the_lock(monkeypatch)
    second = Competitor(lambda: hold(2, record, 1))
    with run_between_check_and_write(reservation, second, monkeypatch) as seen:
        hold(1, record, 1)
    answer = second.finish()
    assert seen == ["blocked" if with_lock else "done"]
    assert isinstance(answer, InsufficientStock) is with_lock
    assert Reservation.objects.count() == sold


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("with_lock", "waiting"), [(True, 1), (False, 2)])
def test_it_is_the_lock_that_keeps_the_cap_when_paid(
    monkeypatch: pytest.MonkeyPatch, with_lock: bool, waiting: int
) -> None:
    record = make_stock_record()
    ahead(record, 1)
    if not with_lock:
        forget_the_lock(monkeypatch)
    second = Competitor(lambda: buy(2, record, 1))
    with run_between_check_and_write(allocation, second, monkeypatch) as seen:
        buy(1, record, 1)
    second.finish()
    assert seen == ["blocked" if with_lock else "done"]
    assert sum(waits().values()) == waiting


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("No more units are waited for", "UPDATE inventory_backorderpolicy SET cap = 1"),
        ("Units that came in", "UPDATE inventory_backorder SET filled = 1"),
    ],
)
def test_the_doctor_finds_promises_that_cannot_be(name: str, statement: str) -> None:
    from inventory.backorder_invariants import CHECKS
    from shop.doctor.checks import run_check

    record = make_stock_record()
    ahead(record, 5)
    buy(1, record, 3)
    assert [check.name for check in CHECKS if run_check(check).violations] == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    (found,) = [check for check in CHECKS if run_check(check).violations]
    assert found.name.startswith(name)
    assert run_check(found).examples
