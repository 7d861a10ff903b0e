from datetime import timedelta

import pytest
from django.db.models.functions import Now

from inventory.allocation import LineDemand, allocate, cancel_allocations
from inventory.availability import saleable
from inventory.dispatch import MoreThanOpen, UnknownAllocation, dispatch_allocation
from inventory.ledger import Entry, write_off
from inventory.models import Allocation, Reservation, StockLevel, StockMovement
from inventory.reservation import reserve
from inventory.shortage import InsufficientStock
from tests.inventory.shelf import make_location, make_stock_record, stock, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN01")]


def run_out() -> None:
    Reservation.objects.update(expires_at=Now() - timedelta(seconds=1))


def send(allocation: Allocation, quantity: int, key: str = "parcel:1") -> StockMovement:
    return dispatch_allocation(allocation.pk, quantity, reference="shipment:1", actor_name="Ann", idempotency_key=key)


def test_a_reservation_becomes_an_allocation_and_ends() -> None:
    record = stocked(5)
    reserve(claim="order:1", quantities={record.pk: 3}, minutes=15)
    (allocation,) = allocate(claim="order:1", lines=[LineDemand("line:7", record.pk, 3)], ship_country="DE")
    assert (allocation.line, allocation.quantity, allocation.level.allocated) == ("line:7", 3, 3)
    assert allocation.reason["chosen"] == "main"
    assert Reservation.objects.get().released_at is not None
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated, saleable(record.pk)) == (5, 3, 2)


def test_allocating_twice_answers_the_first_result() -> None:
    record = stocked(5)
    lines = [LineDemand("line:7", record.pk, 3)]
    first = allocate(claim="order:1", lines=lines)
    assert [one.pk for one in allocate(claim="order:1", lines=lines)] == [one.pk for one in first]
    assert reserve(claim="order:1", quantities={record.pk: 3}, minutes=15) == []
    assert saleable(record.pk) == 2


def test_after_its_time_a_claim_gets_what_nobody_else_has_been_promised() -> None:
    record = stocked(3)
    reserve(claim="order:1", quantities={record.pk: 2}, minutes=15)
    run_out()
    assert len(allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 2)])) == 1


def test_after_its_time_a_claim_gets_nothing_that_another_buyer_holds() -> None:
    record = stocked(3, title="Oak stool")
    reserve(claim="order:1", quantities={record.pk: 2}, minutes=15)
    run_out()
    reserve(claim="order:2", quantities={record.pk: 2}, minutes=15)
    with pytest.raises(InsufficientStock, match="Only 1 of Oak stool is left; you asked for 2"):
        allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 2)])
    assert Allocation.objects.count() == 0
    assert len(allocate(claim="order:2", lines=[LineDemand("line:2", record.pk, 2)])) == 1


def test_a_live_promise_is_kept_from_the_buffer_when_units_went_missing() -> None:
    record = stocked(4)
    StockLevel.objects.update(buffer=2)
    reserve(claim="order:1", quantities={record.pk: 2}, minutes=15)
    entry = Entry(stock_record_id=record.pk, actor_name="Ann", reason="Broken", idempotency_key="w")
    write_off(entry, quantity=2)
    assert saleable(record.pk) == 0
    assert len(allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 2)])) == 1


def test_when_units_went_missing_the_first_payer_wins_and_the_second_is_told() -> None:
    record = stocked(4)
    for number in (1, 2):
        reserve(claim=f"order:{number}", quantities={record.pk: 2}, minutes=15)
    write_off(Entry(stock_record_id=record.pk, actor_name="Ann", reason="Broken", idempotency_key="w"), quantity=2)
    allocate(claim="order:2", lines=[LineDemand("line:2", record.pk, 2)])
    with pytest.raises(InsufficientStock):
        allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 2)])


def test_the_lines_of_an_order_share_the_units_of_one_record() -> None:
    record = stocked(3)
    lines = [LineDemand("line:1", record.pk, 2), LineDemand("line:2", record.pk, 2)]
    with pytest.raises(InsufficientStock) as refused:
        allocate(claim="order:1", lines=lines)
    assert refused.value.short_lines[0].wanted == 4


def test_a_line_is_split_over_locations_when_none_has_it_whole() -> None:
    make_location("main", priority=1)
    make_location("east", priority=2)
    record = stock(stocked(3, "main"), 2, "east")
    rows = allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 4)])
    assert {(row.level.location.code, row.quantity) for row in rows} == {("main", 3), ("east", 1)}


def test_products_that_are_not_counted_get_no_allocation() -> None:
    service = make_stock_record(tracked=False)
    assert allocate(claim="order:1", lines=[LineDemand("line:1", service.pk, 9)]) == []


def test_a_dispatch_takes_units_off_the_shelf_and_into_the_ledger() -> None:
    record = stocked(5)
    (allocation,) = allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 3)])
    movement = send(allocation, 2)
    assert (movement.kind, movement.quantity_delta, movement.on_hand_after) == ("dispatch", -2, 3)
    allocation.refresh_from_db()
    assert (allocation.quantity, allocation.dispatched, allocation.cancelled) == (3, 2, 0)
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated, saleable(record.pk)) == (3, 1, 2)


def test_the_same_dispatch_again_answers_the_first_movement() -> None:
    (allocation,) = allocate(claim="order:1", lines=[LineDemand("line:1", stocked(5).pk, 3)])
    assert send(allocation, 2).pk == send(allocation, 2).pk
    assert StockLevel.objects.get().on_hand == 3


def test_no_more_than_what_is_open_can_be_dispatched() -> None:
    (allocation,) = allocate(claim="order:1", lines=[LineDemand("line:1", stocked(5).pk, 3)])
    send(allocation, 2)
    with pytest.raises(MoreThanOpen, match="has 1 of 3 still open"):
        send(allocation, 2, key="parcel:2")
    with pytest.raises(MoreThanOpen):
        send(allocation, 0, key="parcel:3")
    with pytest.raises(UnknownAllocation):
        dispatch_allocation(0, 1, reference="", actor_name="Ann", idempotency_key="x")


def test_cancelling_gives_back_what_is_open_and_leaves_what_was_sent() -> None:
    record = stocked(5)
    (allocation,) = allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 4)])
    send(allocation, 1)
    assert cancel_allocations("order:1") == 3
    assert cancel_allocations("order:1") == 0
    allocation.refresh_from_db()
    assert (allocation.quantity, allocation.dispatched, allocation.cancelled) == (4, 1, 3)
    assert saleable(record.pk) == 4


def test_one_line_or_some_of_its_units_can_be_cancelled() -> None:
    record = stocked(9)
    allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 4), LineDemand("line:2", record.pk, 3)])
    assert cancel_allocations("order:1", line="line:1", quantity=1) == 1
    assert cancel_allocations("order:1", line="line:2") == 3
    still_open = {row.line: row.quantity - row.cancelled for row in Allocation.objects.all()}
    assert still_open == {"line:1": 3, "line:2": 0}


def test_an_order_of_any_length_costs_the_same_number_of_queries(django_assert_num_queries: object) -> None:
    records = [stocked(5) for _ in range(40)]

    def lines(number: int, some: list) -> list[LineDemand]:
        return [LineDemand(f"line:{number}-{one.pk}", one.pk, 1) for one in some]

    with django_assert_num_queries(15):
        allocate(claim="order:1", lines=lines(1, records[:3]))
    with django_assert_num_queries(15):
        allocate(claim="order:2", lines=lines(2, records))
