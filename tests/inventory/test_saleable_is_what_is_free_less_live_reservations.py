from datetime import timedelta

import pytest
from django.db.models.functions import Now

from inventory.allocation import LineDemand, allocate
from inventory.availability import records_in_stock, saleable, saleable_for
from inventory.models import Location, Reservation, StockLevel
from inventory.reservation import release_reservations, reserve
from tests.inventory.shelf import make_location, make_stock_record, stock, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN03")]


def test_units_of_all_active_locations_add_up() -> None:
    make_location("main")
    make_location("east")
    record = stock(stocked(3, "main"), 4, "east")
    assert saleable(record.pk) == 7
    Location.objects.filter(code="east").update(is_active=False)
    assert saleable(record.pk) == 3


def test_a_buffer_is_kept_back_at_its_location_and_takes_nothing_from_another() -> None:
    make_location("main")
    make_location("east")
    record = stock(stocked(3, "main"), 4, "east")
    StockLevel.objects.filter(location__code="main").update(buffer=5)
    assert saleable(record.pk) == 4


def test_a_live_reservation_takes_units_away_until_it_is_released() -> None:
    record = stocked(5)
    reserve(claim="order:1", quantities={record.pk: 3}, minutes=15)
    assert saleable(record.pk) == 2
    release_reservations("order:1")
    assert saleable(record.pk) == 5


@pytest.mark.feature("IN02")
def test_a_reservation_that_ran_out_frees_its_units_with_nothing_running() -> None:
    record = stocked(5)
    reserve(claim="order:1", quantities={record.pk: 3}, minutes=15)
    Reservation.objects.update(expires_at=Now() - timedelta(milliseconds=1))
    assert Reservation.objects.get().released_at is None
    assert saleable(record.pk) == 5


def test_allocated_units_are_not_for_sale() -> None:
    record = stocked(5)
    allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 4)])
    assert saleable(record.pk) == 1


def test_a_product_that_is_not_counted_is_unlimited() -> None:
    record = make_stock_record(tracked=False)
    assert saleable(record.pk) is None


def test_a_record_without_levels_or_that_does_not_exist_has_nothing() -> None:
    assert saleable(make_stock_record().pk) == 0
    assert saleable(0) == 0


def test_the_filter_finds_exactly_the_records_with_something_to_sell() -> None:
    some, none, unlimited, held = stocked(1), make_stock_record(), make_stock_record(tracked=False), stocked(2)
    reserve(claim="order:1", quantities={held.pk: 2}, minutes=15)
    found = set(records_in_stock().values_list("pk", flat=True))
    assert found == {some.pk, unlimited.pk}
    assert none.pk not in found


def test_any_number_of_records_is_one_query(django_assert_num_queries: object) -> None:
    records = [stocked(number + 1) for number in range(30)]
    with django_assert_num_queries(1):
        answer = saleable_for(record.pk for record in records)
    assert answer == {record.pk: number + 1 for number, record in enumerate(records)}
