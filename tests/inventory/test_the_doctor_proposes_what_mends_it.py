"""Twelve kinds of damage: the doctor names the rows, proposes an entry, and changes nothing itself; the entry mends it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from inventory.allocation import LineDemand, allocate
from inventory.costs.invariants import CHECKS as OF_COSTS
from inventory.invariants import CHECKS
from inventory.ledger import Entry, count_stock
from inventory.models import Reservation, StockLevel, StockMovement
from inventory.reservation import release_reservations, reserve
from shop.audit.models import AuditEntry
from shop.doctor.checks import Finding, run_check
from tests.inventory.shelf import make_location, make_stock_record, stock, stocked
from tests.inventory.test_the_doctor_finds_damaged_stock import damage

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN07")]
TABLES = (
    "inventory_stocklevel",
    "inventory_stockmovement",
    "inventory_allocation",
    "inventory_reservation",
    "inventory_costlayer",
    "partner_stockrecord",
    "audit_auditentry",
)
Mend = Callable[[], object]


@pytest.fixture(autouse=True)
def shelf() -> None:
    """Ten of a lamp at the main location, four of them paid for."""
    make_location("main", priority=1)
    record = stocked(10, "main", sku="LAMP")
    reserve(claim="order:1", quantities={record.pk: 4}, minutes=15)
    allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 4)])
    stock(make_stock_record("SHADE"), 3, "main")


def broken() -> list[Finding]:
    """Of the questions about stock and its cost: these things have neither prices nor pages."""
    return [finding for check in (*CHECKS, *OF_COSTS) if (finding := run_check(check)).violations]


def fingerprint() -> dict[str, Any]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*), md5(string_agg(one::text, '|' ORDER BY one::text)) FROM {table} AS one")
            found[table] = cursor.fetchone()
    return found


def count_lamps(units: int = 10) -> object:
    level = StockLevel.objects.filter(stock_record__partner_sku="LAMP").first()
    record_id = level.stock_record_id if level else StockMovement.objects.earliest("pk").stock_record_id
    entry = Entry(
        stock_record_id=record_id, location_code="main", actor_name="Ann", reason="Doctor", idempotency_key="c"
    )
    return count_stock(entry, quantity=units)


def recount() -> object:
    return call_command("recount_stock", "--json")


def release() -> object:
    return release_reservations("order:1")


LAMP = "(SELECT id FROM partner_stockrecord WHERE partner_sku = 'LAMP')"


@pytest.mark.parametrize(
    ("statement", "words", "mend"),
    [
        pytest.param(
            f"UPDATE inventory_stocklevel SET on_hand = on_hand + 3 WHERE stock_record_id = {LAMP}",
            ["Enter a count of LAMP at main", "from 10 to the units counted"],
            [count_lamps],
            id="a level shows more than came in",
        ),
        pytest.param(
            f"UPDATE inventory_stocklevel SET on_hand = on_hand - 3 WHERE stock_record_id = {LAMP}",
            ["Enter a count of LAMP at main"],
            [count_lamps],
            id="a level shows fewer than came in",
        ),
        pytest.param(
            "UPDATE inventory_stocklevel SET on_hand = on_hand + 2;"
            " UPDATE partner_stockrecord SET num_in_stock = num_in_stock + 2 WHERE partner_sku = 'LAMP'",
            ["Enter a count of LAMP at main", "SHADE"],
            None,
            id="every level shows more",
        ),
        pytest.param(
            f"DELETE FROM inventory_stockmovement WHERE stock_record_id = {LAMP}",
            ["Enter a count of LAMP at main", "from 0 to the units counted"],
            [count_lamps],
            id="a receipt is gone from the ledger",
        ),
        pytest.param(
            "DELETE FROM inventory_stocklevel WHERE stock_record_id = "
            "(SELECT id FROM partner_stockrecord WHERE partner_sku = 'SHADE')",
            ["Enter a count of SHADE at main"],
            None,
            id="a level is gone",
        ),
        pytest.param(
            f"UPDATE inventory_stocklevel SET allocated = 6 WHERE stock_record_id = {LAMP}",
            ["manage.py recount_stock: level", "from 6 to 4 allocated units"],
            [recount],
            id="a level promises more than the orders say",
        ),
        pytest.param(
            f"UPDATE inventory_stocklevel SET allocated = 0 WHERE stock_record_id = {LAMP}",
            ["from 0 to 4 allocated units"],
            [recount],
            id="a level promises fewer than the orders say",
        ),
        pytest.param(
            "UPDATE partner_stockrecord SET num_in_stock = 99 WHERE partner_sku = 'LAMP'",
            ["manage.py recount_stock: LAMP from 99 to 10 units in stock"],
            [recount],
            id="a total is wrong",
        ),
        pytest.param(
            "UPDATE partner_stockrecord SET num_allocated = NULL WHERE partner_sku = 'LAMP'",
            ["from None to 4 allocated"],
            [recount],
            id="a total is lost",
        ),
        pytest.param(
            "ALTER TABLE inventory_stocklevel DROP CONSTRAINT inventory_allocated_within_on_hand;"
            f" UPDATE inventory_stocklevel SET on_hand = 2 WHERE stock_record_id = {LAMP}",
            ["no more than 2 of 4 units are promised", "Enter a count of LAMP"],
            [count_lamps],
            id="more is promised than there is",
        ),
        pytest.param(
            "UPDATE inventory_reservation SET released_at = NULL WHERE claim = 'order:1'",
            ["Release the reservation of 4 units", "by order:1"],
            [release],
            id="a claim holds its units twice",
        ),
        pytest.param(
            "UPDATE inventory_allocation SET dispatched = 1 WHERE claim = 'order:1'",
            ["0 units left by the ledger, 1 by the orders"],
            None,
            id="an order says that more left than did",
        ),
        pytest.param(
            f"UPDATE inventory_stockmovement SET on_hand_after = 11 WHERE stock_record_id = {LAMP}",
            ["says 11 units where the ledger comes to 10"],
            None,
            id="a row of the ledger was rewritten",
        ),
    ],
)
def test_damage_is_named_and_mended_by_what_is_proposed(
    statement: str, words: list[str], mend: list[Mend] | None
) -> None:
    assert broken() == []
    damage(statement)
    before = fingerprint()
    findings = broken()
    proposed = " ".join(str(row.get("entry", "")) for finding in findings for row in finding.examples)
    assert all(word in proposed for word in words), proposed
    assert fingerprint() == before, "the doctor edits nothing"
    if mend is not None:
        for act in mend:
            act()
        assert broken() == []


def test_the_doctor_can_be_asked_where_nothing_may_be_written() -> None:
    damage("UPDATE partner_stockrecord SET num_in_stock = 99")
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert broken()


def test_a_dry_recount_prints_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    damage("UPDATE partner_stockrecord SET num_in_stock = 99 WHERE partner_sku = 'LAMP'")
    before = fingerprint()
    call_command("recount_stock", "--dry-run")
    assert "LAMP: units in stock 99 -> 10." in capsys.readouterr().out
    assert fingerprint() == before


def test_a_recount_is_audited_and_finds_nothing_the_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    damage(f"UPDATE inventory_stocklevel SET allocated = 6 WHERE stock_record_id = {LAMP}")
    call_command("recount_stock")
    assert "LAMP at main: allocated units 6 -> 4." in capsys.readouterr().out
    entry = AuditEntry.objects.get(action="recount")
    assert (entry.before["allocated units"], entry.after["allocated units"]) == (6, 4)
    call_command("recount_stock")
    assert capsys.readouterr().out == "0 differences, 0 set right.\n"


def test_what_the_shelf_cannot_hold_is_refused_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    damage(
        "ALTER TABLE inventory_stocklevel DROP CONSTRAINT inventory_allocated_within_on_hand",
        f"UPDATE inventory_stocklevel SET on_hand = 3, allocated = 0 WHERE stock_record_id = {LAMP}",
    )
    with pytest.raises(SystemExit) as ended:
        call_command("recount_stock")
    assert ended.value.code == 1
    assert "Only 3 units are on hand: count the shelf first, or cancel orders." in capsys.readouterr().out
    assert StockLevel.objects.get(stock_record__partner_sku="LAMP").allocated == 0


def test_a_count_that_agrees_with_the_ledger_sets_the_level_and_posts_nothing() -> None:
    damage(f"UPDATE inventory_stocklevel SET on_hand = 7 WHERE stock_record_id = {LAMP}")
    rows = StockMovement.objects.count()
    assert count_lamps(10) is None
    assert StockMovement.objects.count() == rows
    assert StockLevel.objects.get(stock_record__partner_sku="LAMP").on_hand == 10
    assert Reservation.objects.filter(released_at__isnull=True).count() == 0
