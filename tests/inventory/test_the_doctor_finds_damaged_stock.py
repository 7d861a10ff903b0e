"""Each invariant of stock is clean after honest work and finds the damage that is done behind the code's back."""

import pytest
from django.db import connection

from inventory.allocation import LineDemand, allocate, cancel_allocations
from inventory.dispatch import dispatch_allocation
from inventory.invariants import CHECKS
from inventory.ledger import Entry, count_stock, transfer_stock, write_off
from inventory.reservation import reserve
from shop.doctor.checks import registered_checks, run_check
from tests.inventory.shelf import make_location, stock, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN05")]


@pytest.fixture
def busy_shelf() -> None:
    """Stock that has been through everything."""
    make_location("main", priority=1)
    make_location("east", priority=2)
    record = stock(stocked(10, "main"), 5, "east")
    reserve(claim="order:1", quantities={record.pk: 12}, minutes=15)
    rows = allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 12)])
    dispatch_allocation(rows[0].pk, 4, reference="shipment:1", actor_name="Ann", idempotency_key="parcel:1")
    cancel_allocations("order:1", quantity=3)
    reserve(claim="order:2", quantities={record.pk: 1}, minutes=15)

    def entry(key: str) -> Entry:
        return Entry(stock_record_id=record.pk, location_code="east", actor_name="Ann", reason="x", idempotency_key=key)

    write_off(entry("w"), quantity=1)
    count_stock(entry("c"), quantity=6)
    transfer_stock(entry("t"), to_code="main", quantity=1)


def violations() -> dict[str, int]:
    return {check.name: found for check in CHECKS if (found := run_check(check).violations)}


def damage(*statements: str) -> None:
    """As a database superuser could: triggers and foreign keys asleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_every_check_is_registered_with_the_doctor() -> None:
    assert {check.name for check in CHECKS} <= {check.name for check in registered_checks()}
    assert {check.id for check in CHECKS} == {"I1", "I2"}


def test_honest_work_leaves_nothing_to_find(busy_shelf: None) -> None:
    assert violations() == {}


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        (
            "Units on hand are the sum of the stock ledger",
            ["UPDATE inventory_stocklevel SET on_hand = on_hand + 1"],
        ),
        (
            "Units on hand are the sum of the stock ledger",
            ["DELETE FROM inventory_allocation", "DELETE FROM inventory_stocklevel"],
        ),
        (
            "Allocated units are the sum of the open allocations",
            ["UPDATE inventory_allocation SET cancelled = 0"],
        ),
        (
            "A stock record's totals are the sums over its locations",
            ["UPDATE partner_stockrecord SET num_in_stock = num_in_stock + 1"],
        ),
        (
            "A stock record's totals are the sums over its locations",
            ["UPDATE partner_stockrecord SET num_allocated = NULL"],
        ),
        (
            "No location promises more than it has, and nothing is negative",
            [
                "ALTER TABLE inventory_stocklevel DROP CONSTRAINT inventory_allocated_within_on_hand",
                "UPDATE inventory_stocklevel SET allocated = on_hand + 1",
            ],
        ),
        (
            "Each ledger row continues the one before",
            ["UPDATE inventory_stockmovement SET on_hand_after = on_hand_after + 1 WHERE kind = 'dispatch'"],
        ),
        (
            "No claim holds the same units twice",
            ["UPDATE inventory_reservation SET released_at = NULL WHERE claim = 'order:1'"],
        ),
        (
            "Units dispatched from the ledger are the units dispatched for orders",
            ["UPDATE inventory_allocation SET dispatched = dispatched - 1 WHERE dispatched > 0"],
        ),
        (
            "Units left and units in orders are the units that came in",
            ["DELETE FROM inventory_stockmovement WHERE kind = 'receipt'"],
        ),
        (
            "Units left and units in orders are the units that came in",
            ["UPDATE partner_stockrecord SET num_in_stock = num_in_stock - 1"],
        ),
    ],
)
def test_damage_is_found_with_the_rows_that_show_it(busy_shelf: None, name: str, statements: list[str]) -> None:
    damage(*statements)
    assert name in violations()
    finding = run_check(next(check for check in CHECKS if check.name == name))
    assert finding.examples
    assert finding.check.repair.endswith(".")
