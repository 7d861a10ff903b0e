import pytest

from catalog.importing.ports import StockCount, StockCountRefused, read_locations, read_stock, write_stock
from inventory.allocation import LineDemand, allocate
from inventory.models import StockLevel, StockMovement
from tests.inventory.shelf import make_location, make_stock_record, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN05")]


def count(record: object, quantity: int, location: str = "") -> StockCount:
    return StockCount(sku=record.partner_sku, stock_record_id=record.pk, location_code=location, quantity=quantity)


def test_each_changed_count_is_one_movement_that_names_the_import() -> None:
    make_location("main", priority=1)
    make_location("east", priority=2)
    throw, lamp = make_stock_record("THROW"), make_stock_record("LAMP")
    rows = [count(throw, 5), count(throw, 3, "east"), count(lamp, 0)]

    assert write_stock(rows, reference="import:7", actor_name="Mo") == 2

    movements = StockMovement.objects.order_by("location_id")
    assert [(row.kind, row.quantity_delta, row.reference, row.actor_name) for row in movements] == [
        ("count", 5, "import:7", "Mo"),
        ("count", 3, "import:7", "Mo"),
    ]
    throw.refresh_from_db()
    assert (throw.num_in_stock, throw.num_allocated) == (8, 0)
    assert read_stock([throw.pk, lamp.pk]) == {throw.pk: {"main": 5, "east": 3}}
    assert list(read_locations()) == ["main", "east"]


def test_the_same_file_again_writes_nothing() -> None:
    record = make_stock_record()
    assert write_stock([count(record, 5)], reference="import:1", actor_name="Mo") == 1
    assert write_stock([count(record, 5)], reference="import:2", actor_name="Mo") == 0
    assert StockMovement.objects.count() == 1


def test_a_batch_that_is_resumed_does_not_undo_what_was_sold_since() -> None:
    record = make_stock_record()
    write_stock([count(record, 5)], reference="import:1", actor_name="Mo")
    write_stock([count(record, 4)], reference="count:9", actor_name="Ann")
    assert write_stock([count(record, 5)], reference="import:1", actor_name="Mo") == 0
    assert StockLevel.objects.get().on_hand == 4


def test_a_location_that_does_not_exist_is_refused_with_the_known_ones() -> None:
    make_location("main")
    record = make_stock_record("THROW")
    with pytest.raises(StockCountRefused) as refused:
        write_stock([count(record, 5, "berlin")], reference="import:1", actor_name="Mo")
    assert refused.value.reasons["THROW"].startswith("There is no location 'berlin'. Known locations: main.")


def test_a_count_below_what_paid_orders_are_promised_is_refused_and_nothing_is_written() -> None:
    promised, other = stocked(5, sku="THROW"), stocked(2, sku="LAMP")
    allocate(claim="order:1", lines=[LineDemand("line:1", promised.pk, 4)])
    with pytest.raises(StockCountRefused) as refused:
        write_stock([count(other, 9), count(promised, 3)], reference="import:1", actor_name="Mo")
    assert list(refused.value.reasons) == ["THROW"]
    assert "4 units are promised to paid orders" in refused.value.reasons["THROW"]
    assert StockLevel.objects.get(stock_record=other).on_hand == 2


@pytest.mark.parametrize("quantity", [-1, 3_000_000_000])
def test_a_number_that_cannot_be_a_count_is_refused(quantity: int) -> None:
    with pytest.raises(StockCountRefused, match="whole number from 0"):
        write_stock([count(make_stock_record(), quantity)], reference="import:1", actor_name="Mo")


def test_a_batch_of_any_size_costs_the_same_number_of_queries(django_assert_num_queries: object) -> None:
    records = [make_stock_record() for _ in range(60)]
    make_location("main")
    with django_assert_num_queries(17):
        write_stock([count(one, 1, "main") for one in records[:5]], reference="import:1", actor_name="Mo")
    with django_assert_num_queries(18):
        write_stock([count(one, 2, "main") for one in records], reference="import:2", actor_name="Mo")
