import pytest
from django.db import IntegrityError, InternalError, transaction
from oscar.apps.partner.models import StockRecord

from inventory.allocation import LineDemand, allocate
from inventory.ledger import (
    Entry,
    StockRefused,
    correct_stock,
    count_stock,
    receive_stock,
    return_stock,
    transfer_stock,
    write_off,
)
from inventory.locations import UnknownLocation
from inventory.locking import UnknownStockRecord
from inventory.models import StockLevel, StockMovement
from inventory.movements import IdempotencyKeyReused
from tests.inventory.shelf import make_location, make_stock_record, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN05")]


def entry(record: StockRecord, key: str, **said: str) -> Entry:
    return Entry(stock_record_id=record.pk, actor_name="Ann", idempotency_key=key, **said)


def test_each_movement_says_who_why_where_and_by_which_document() -> None:
    make_location("main")
    record = make_stock_record()
    receive_stock(
        entry(record, "k1", location_code="main", reference="delivery:12", reason="Spring order"), quantity=10
    )
    return_stock(entry(record, "k2", reference="return:3"), quantity=1)
    write_off(entry(record, "k3", reason="Broken in the rain"), quantity=2)
    correct_stock(entry(record, "k4", reason="Was the wrong box"), quantity_delta=-4)

    rows = StockMovement.objects.order_by("id")
    assert [(row.kind, row.quantity_delta, row.on_hand_after) for row in rows] == [
        ("receipt", 10, 10),
        ("return", 1, 11),
        ("write-off", -2, 9),
        ("correction", -4, 5),
    ]
    first = rows[0]
    assert (first.actor_name, first.reason, first.reference, first.location.code) == (
        "Ann",
        "Spring order",
        "delivery:12",
        "main",
    )
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (5, 0)


def test_the_same_key_again_answers_the_first_movement_and_moves_nothing() -> None:
    record = make_stock_record()
    first = receive_stock(entry(record, "delivery:1"), quantity=10)
    again = receive_stock(entry(record, "delivery:1"), quantity=10)
    assert first.pk == again.pk
    assert StockLevel.objects.get().on_hand == 10


def test_a_key_of_another_act_is_refused() -> None:
    record, other = make_stock_record(), make_stock_record()
    receive_stock(entry(record, "key"), quantity=10)
    with pytest.raises(IdempotencyKeyReused, match=r"receipt \+10"):
        receive_stock(entry(other, "key"), quantity=1)
    with pytest.raises(IdempotencyKeyReused):
        write_off(entry(record, "key", reason="Lost"), quantity=1)


def test_a_count_sets_what_is_there_and_writes_only_the_difference() -> None:
    record = stocked(10)
    movement = count_stock(entry(record, "count:1", reason="Stocktake"), quantity=7)
    assert movement is not None
    assert (movement.quantity_delta, movement.on_hand_after) == (-3, 7)
    assert count_stock(entry(record, "count:2"), quantity=7) is None
    assert StockMovement.objects.filter(kind="count").count() == 1


def test_a_transfer_is_two_movements_and_changes_no_total() -> None:
    make_location("main")
    make_location("east")
    record = stocked(10, "main")
    transfer_stock(entry(record, "t1", location_code="main"), to_code="east", quantity=4)
    transfer_stock(entry(record, "t1", location_code="main"), to_code="east", quantity=4)
    assert dict(StockLevel.objects.values_list("location__code", "on_hand")) == {"main": 6, "east": 4}
    record.refresh_from_db()
    assert record.num_in_stock == 10


def test_what_is_promised_to_paid_orders_cannot_be_counted_or_written_away() -> None:
    record = stocked(5)
    allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 4)])
    with pytest.raises(StockRefused, match="5 units on hand, 4 of them promised"):
        write_off(entry(record, "w", reason="Lost"), quantity=2)
    with pytest.raises(StockRefused, match="this would leave 3"):
        count_stock(entry(record, "c"), quantity=3)
    assert write_off(entry(record, "w", reason="Lost"), quantity=1).on_hand_after == 4


def test_bad_input_gets_a_sentence() -> None:
    record = stocked(5)
    with pytest.raises(StockRefused, match="At least one unit"):
        receive_stock(entry(record, "a"), quantity=0)
    with pytest.raises(StockRefused, match="cannot be negative"):
        count_stock(entry(record, "a"), quantity=-1)
    with pytest.raises(StockRefused, match="needs a reason"):
        write_off(entry(record, "a"), quantity=1)
    with pytest.raises(StockRefused, match="at least one unit"):
        correct_stock(entry(record, "a", reason="x"), quantity_delta=0)
    with pytest.raises(StockRefused, match="two different locations"):
        transfer_stock(entry(record, "a"), to_code="main", quantity=1)
    with pytest.raises(UnknownLocation, match="Known locations: main"):
        receive_stock(entry(record, "a", location_code="moon"), quantity=1)
    with pytest.raises(UnknownStockRecord, match="no stock record 0"):
        receive_stock(Entry(stock_record_id=0, actor_name="Ann", idempotency_key="a"), quantity=1)


def test_the_database_refuses_to_change_or_delete_a_movement() -> None:
    stocked(5)
    for act in (
        lambda: StockMovement.objects.update(quantity_delta=9),
        lambda: StockMovement.objects.all().delete(),
    ):
        with pytest.raises((InternalError, IntegrityError), match="append-only"), transaction.atomic():
            act()


def test_the_database_refuses_levels_that_make_no_sense_whoever_writes_them() -> None:
    stocked(5)
    for wrong in ({"on_hand": -1}, {"allocated": -1}, {"allocated": 6}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockLevel.objects.update(**wrong)


def test_the_hosts_own_allocation_which_never_checks_is_refused_by_the_database() -> None:
    record = stocked(1)
    record.allocate(1)
    with pytest.raises(IntegrityError, match="inventory_totals_within_stock"), transaction.atomic():
        record.allocate(1)
