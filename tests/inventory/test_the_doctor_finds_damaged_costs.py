"""Each invariant of cost layers finds the damage that is done behind the code's back."""

from decimal import Decimal

import pytest

from inventory.costs.invariants import CHECKS
from inventory.ledger import Entry, receive_stock, write_off
from shop.doctor.checks import registered_checks, run_check
from tests.inventory.shelf import make_stock_record
from tests.inventory.test_the_doctor_finds_damaged_stock import damage

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN06")]

OF_ITS_MOVEMENT, HOLD_WHAT_IS_THERE = (check.name for check in CHECKS)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (OF_ITS_MOVEMENT, "UPDATE inventory_costlayer SET quantity = 3"),
        (OF_ITS_MOVEMENT, "UPDATE inventory_costlayer SET stock_record_id = stock_record_id + 1"),
        (OF_ITS_MOVEMENT, "UPDATE inventory_stockmovement SET kind = 'transfer in' WHERE quantity_delta > 0"),
        (HOLD_WHAT_IS_THERE, "UPDATE inventory_costlayer SET quantity = 3"),
        (HOLD_WHAT_IS_THERE, "DELETE FROM inventory_stockmovement WHERE kind = 'write-off'"),
        (HOLD_WHAT_IS_THERE, "UPDATE partner_stockrecord SET num_in_stock = num_in_stock - 1"),
    ],
)
def test_damaged_layers_are_found(name: str, statement: str) -> None:
    entry = {"stock_record_id": make_stock_record().pk, "actor_name": "Ann", "reason": "x"}
    receive_stock(Entry(idempotency_key="a", **entry), quantity=5, cost=Decimal("10.00"))
    write_off(Entry(idempotency_key="b", **entry), quantity=1)
    assert [check.name for check in CHECKS if run_check(check).violations] == []
    damage(statement)
    finding = run_check(next(check for check in CHECKS if check.name == name))
    assert finding.examples
    assert {check.name for check in CHECKS} <= {check.name for check in registered_checks()}
