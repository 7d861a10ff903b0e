"""Count sheets: blind, at an instant for each line, true afterwards whatever was sold or received meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.partner.models import StockRecord

from inventory.allocation import LineDemand, allocate
from inventory.counting import (
    Counted,
    CountRefused,
    cancel_sheet,
    count_again,
    count_lines,
    finish_counting,
    open_sheet,
    post_sheet,
)
from inventory.dispatch import dispatch_allocation
from inventory.models import CountLine, CountSheet, StockLevel, StockMovement
from inventory.transfer_invariants import CHECKS
from shop.doctor.checks import run_check
from tests.inventory.shelf import make_location, stock, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN11")]


def sheet_of(*records: StockRecord, key: str = "sheet") -> CountSheet:
    return open_sheet(
        location_code="main",
        name="Shelf A",
        stock_record_ids=[one.pk for one in records],
        actor_name="Ann",
        key=key,
    )


def count(sheet: CountSheet, record: StockRecord, units: int, **more: Any) -> None:
    line = sheet.lines.get(stock_record=record)
    count_lines(sheet.pk, [Counted(line.pk, units, **more)], actor_name="Ben")


def post(sheet: CountSheet) -> Any:
    finish_counting(sheet.pk)
    return post_sheet(sheet.pk, reason="Year-end count", actor_name="Ann")


def sell(record: StockRecord, units: int, *, claim: str) -> None:
    for row in allocate(claim=claim, lines=[LineDemand(f"line:{claim}", record.pk, units)]):
        dispatch_allocation(row.pk, row.quantity, reference="p", actor_name="Ann", idempotency_key=f"{claim}:{row.pk}")


def on_hand(record: StockRecord) -> int:
    return StockLevel.objects.get(stock_record=record).on_hand


def test_the_difference_is_that_of_the_instant_it_was_counted() -> None:
    make_location("main")
    record = stocked(10, "main")
    sheet = sheet_of(record)
    sell(record, 2, claim="order:1")
    count(sheet, record, 7)
    sell(record, 3, claim="order:2")
    stock(record, 5, "main")
    posted = post(sheet)
    assert (posted.lines, posted.refused) == (1, ())
    assert on_hand(record) == 7 - 3 + 5
    movement = StockMovement.objects.latest("pk")
    assert (movement.kind, movement.quantity_delta, movement.reason) == ("count", -1, "Year-end count")
    assert (movement.reference, movement.actor_name) == (f"count:{sheet.pk}", "Ann")
    assert post_sheet(sheet.pk, reason="again", actor_name="Ann").lines == 0


def test_a_count_from_paper_is_compared_with_the_ledger_of_its_minute() -> None:
    make_location("main")
    record = stocked(10, "main")
    sheet = sheet_of(record)
    CountSheet.objects.update(created_at=timezone.now() - timedelta(hours=2))
    at = timezone.now() - timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE inventory_stockmovement SET created_at = now() - interval '3 hours'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    sell(record, 4, claim="order:1")
    count(sheet, record, 9, at=at)
    assert CountLine.objects.get().expected == 10
    post(sheet)
    assert on_hand(record) == 5
    other = sheet_of(record, key="other")
    with pytest.raises(CountRefused, match="cannot be when it was counted"):
        count(other, record, 9, at=at)
    with pytest.raises(CountRefused, match="the future has not come"):
        count(other, record, 9, at=timezone.now() + timedelta(hours=1))


def test_a_line_that_agrees_or_was_not_counted_posts_nothing() -> None:
    make_location("main")
    agrees, passed_over = stocked(4, "main"), stocked(6, "main")
    sheet = sheet_of(agrees, passed_over)
    count(sheet, agrees, 4)
    before = StockMovement.objects.count()
    assert post(sheet).lines == 0
    assert StockMovement.objects.count() == before
    assert CountSheet.objects.get().state == "posted"


def test_a_shortage_of_promised_units_stays_open_and_says_so() -> None:
    make_location("main")
    record, fine = stocked(5, "main", sku="SKU-PROMISED"), stocked(3, "main")
    sheet = sheet_of(record, fine)
    allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 5)])
    count(sheet, record, 4)
    count(sheet, fine, 2)
    posted = post(sheet)
    assert posted.lines == 1
    assert "SKU-PROMISED" in posted.refused[0]
    assert "promised to paid orders" in posted.refused[0]
    assert CountSheet.objects.get().state == "reviewed"
    assert (on_hand(record), on_hand(fine)) == (5, 2)


def test_a_line_can_be_counted_again_and_a_sheet_thrown_away_until_it_is_posted() -> None:
    make_location("main")
    record = stocked(5, "main")
    sheet = sheet_of(record)
    assert sheet_of(record).pk == sheet.pk
    count(sheet, record, 3)
    count(sheet, record, 4)
    finish_counting(sheet.pk)
    with pytest.raises(CountRefused, match="not counted any more"):
        count(sheet, record, 5)
    count_again(sheet.pk, line_ids=sheet.lines.values_list("pk", flat=True))
    with pytest.raises(CountRefused, match="Nothing has been counted"):
        finish_counting(sheet.pk)
    count(sheet, record, 5)
    cancel_sheet(sheet.pk)
    with pytest.raises(CountRefused, match="Finish counting first"):
        post_sheet(sheet.pk, reason="x", actor_name="Ann")
    assert on_hand(record) == 5


def test_a_sheet_of_a_location_holds_what_has_been_there() -> None:
    make_location("main")
    make_location("east")
    here, _ = stocked(5, "main"), stocked(5, "east")
    assert list(sheet_of().lines.values_list("stock_record", flat=True)) == [here.pk]


def test_the_doctor_finds_a_posted_line_without_its_movement() -> None:
    make_location("main")
    record = stocked(5, "main")
    sheet = sheet_of(record)
    count(sheet, record, 4)
    post(sheet)
    assert [check.name for check in CHECKS if run_check(check).violations] == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_countline SET counted = 1")
    assert [check.name for check in CHECKS if run_check(check).violations] == [
        "A posted count line has exactly the movement of its difference"
    ]


_STEPS = st.lists(
    st.tuples(st.sampled_from(["sell", "receive", "vanish", "turn up", "count"]), st.integers(0, 1), st.integers(1, 4)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, late=_STEPS)
def test_counts_amid_random_sales_and_receipts_give_the_truth(steps: Any, late: Any) -> None:
    """The shelf is a plain number beside the ledger; things vanish and turn up behind the ledger's back.

    After the sheet is posted the ledger is the shelf, for every line that was counted after the last such surprise.
    """
    with transaction.atomic():
        make_location("main")
        records = [stocked(8, "main"), stocked(8, "main")]
        shelf = [8, 8]
        sheet = sheet_of(*records, key=str(timezone.now()))
        honest = [one for one in late if one[0] in ("sell", "receive")]
        for number, (act, index, units) in enumerate([*steps, ("count", 0, 0), ("count", 1, 0), *honest]):
            record, ledger = records[index], on_hand(records[index])
            if act == "sell" and units <= min(shelf[index], ledger):
                sell(record, units, claim=f"order:{number}")
                shelf[index] -= units
            elif act == "receive":
                stock(record, units, "main")
                shelf[index] += units
            elif act == "vanish":
                shelf[index] = max(shelf[index] - units, 0)
            elif act == "turn up":
                shelf[index] += units
            elif act == "count":
                count(sheet, record, shelf[index])
        assert post(sheet).refused == ()
        assert [on_hand(record) for record in records] == shelf
        assert [check.name for check in CHECKS if run_check(check).violations] == []
        transaction.set_rollback(True)
