"""Take stock while selling: count blind, compare with the ledger as it was at that instant, post the differences.

A line is compared when it is counted, not when it is posted. Sales and receipts in between move the ledger and the shelf
alike, so the difference stays the same, and posting it makes them agree.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils import timezone
from oscar.apps.partner.models import StockRecord

from catalog.kits.records import Kit
from inventory.ledger import Entry, StockRefused, post_difference
from inventory.locations import find_location
from inventory.locking import lock_stock_records
from inventory.models import CountLine, CountSheet, StockLevel, StockMovement

State = CountSheet.State
MOST_LINES = 5_000
LARGEST_COUNT = 2_000_000_000


class CountRefused(StockRefused):
    """The count sheet cannot do this now; nothing was written. The message is for the person at the desk."""


@dataclass(frozen=True, slots=True)
class Posted:
    """How many differences were posted, and the sentences of the lines that could not be."""

    lines: int
    refused: tuple[str, ...]


@transaction.atomic
def open_sheet(
    *, location_code: str, name: str, stock_record_ids: Collection[int], actor_name: str, key: str
) -> CountSheet:
    """A sheet of these stock records; of none given, of all that have been at the location. The same key: the first.

    Raises CountRefused and UnknownLocation.
    """
    known = CountSheet.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    location = find_location(location_code)
    levels = StockLevel.objects.filter(location=location, stock_record__kit=None)
    ids = set(stock_record_ids) or set(levels.values_list("stock_record_id", flat=True))
    if not ids:
        raise CountRefused(f"Nothing has ever been at {location}: name the SKUs to count.")
    if len(ids) > MOST_LINES:
        raise CountRefused(f"A sheet has at most {MOST_LINES:,} SKUs, these are {len(ids):,}: make one for each shelf.")
    if Kit.objects.filter(pk__in=ids).exists():
        raise CountRefused("One of these is a kit: it has no units of its own. Count its parts.")
    sheet = CountSheet.objects.create(location=location, name=name[:120], created_by=actor_name, idempotency_key=key)
    records = StockRecord.objects.filter(pk__in=ids).order_by("partner_sku", "pk").values_list("pk", flat=True)
    CountLine.objects.bulk_create(CountLine(sheet=sheet, stock_record_id=pk) for pk in records)
    return sheet


@dataclass(frozen=True, slots=True)
class Counted:
    """What lay there of one line, at an instant; None: now."""

    line_id: int
    units: int
    at: datetime | None = None


@transaction.atomic
def count_lines(sheet_id: int, counts: Sequence[Counted], *, actor_name: str) -> int:
    """Write down what was counted, and what the ledger had at that instant: all of it or nothing; how many lines.

    Counted again, the later count stands. Raises CountRefused for a sheet that is not being counted, a line of another
    sheet, units below zero, and an instant before the sheet was made or still to come.
    """
    sheet = _lock_sheet(sheet_id)
    if sheet.state != State.OPEN:
        raise CountRefused(f"{sheet} is {sheet.get_state_display().lower()}; it is not counted any more.")
    lines = {line.pk: line for line in sheet.lines.filter(pk__in=[one.line_id for one in counts])}
    for one in counts:
        if one.line_id not in lines:
            raise CountRefused(f"There is no line {one.line_id} on {sheet}.")
        if not 0 <= one.units <= LARGEST_COUNT:
            raise CountRefused(f"{one.units} cannot be a count: give a whole number from 0 to {LARGEST_COUNT:,}.")
        if one.at is not None:
            _check_instant(one.at, sheet)
    lock_stock_records(line.stock_record_id for line in lines.values())
    levels = StockLevel.objects.filter(
        location=sheet.location_id, stock_record__in=[one.stock_record_id for one in lines.values()]
    )
    on_hand = dict(levels.values_list("stock_record_id", "on_hand"))
    for one in counts:
        line = lines[one.line_id]
        moved_since = _moved_since(line, sheet.location_id, one.at) if one.at is not None else 0
        line.counted, line.counted_by = one.units, actor_name
        line.expected = on_hand.get(line.stock_record_id, 0) - moved_since
        line.counted_at = Now() if one.at is None else one.at
    CountLine.objects.bulk_update(lines.values(), ["counted", "expected", "counted_at", "counted_by"], batch_size=500)
    return len(lines)


@transaction.atomic
def finish_counting(sheet_id: int) -> CountSheet:
    """From now on the differences are seen. What nobody counted stays as it is. Raises CountRefused."""
    sheet = _lock_sheet(sheet_id)
    if sheet.state == State.OPEN:
        if not sheet.lines.filter(counted__isnull=False).exists():
            raise CountRefused("Nothing has been counted yet.")
        CountSheet.objects.filter(pk=sheet.pk).update(state=State.REVIEWED)
        sheet.refresh_from_db()
    elif sheet.state != State.REVIEWED:
        raise CountRefused(f"{sheet} is {sheet.get_state_display().lower()} already.")
    return sheet


@transaction.atomic
def count_again(sheet_id: int, *, line_ids: Iterable[int]) -> CountSheet:
    """Open a reviewed sheet anew for lines that look wrong; their counts are forgotten. Raises CountRefused."""
    sheet = _lock_sheet(sheet_id)
    if sheet.state not in (State.OPEN, State.REVIEWED):
        raise CountRefused(f"{sheet} is {sheet.get_state_display().lower()}; make a new sheet.")
    again = sheet.lines.filter(pk__in=list(line_ids), posted_at__isnull=True)
    if not again.update(counted=None, expected=None, counted_at=None, counted_by=""):
        raise CountRefused("Choose the lines that shall be counted again.")
    CountSheet.objects.filter(pk=sheet.pk).update(state=State.OPEN)
    sheet.refresh_from_db()
    return sheet


def post_sheet(sheet_id: int, *, reason: str, actor_name: str) -> Posted:
    """Post every difference with its reason, each line by itself; lines that cannot be posted keep the sheet open.

    Safe to repeat: a line is posted once. Raises CountRefused without a reason or before the counting is finished.
    """
    sheet = CountSheet.objects.select_related("location").filter(pk=sheet_id).first()
    if sheet is None or sheet.state not in (State.REVIEWED, State.POSTED):
        raise CountRefused("Finish counting first; then the differences can be looked at and posted.")
    if not reason.strip():
        raise CountRefused("Say why: the differences need a reason.")
    posted, refused = 0, []
    for line_id in sheet.lines.filter(counted__isnull=False, posted_at__isnull=True).values_list("pk", flat=True):
        try:
            posted += _post_line(line_id, reason=reason.strip(), actor_name=actor_name)
        except StockRefused as refusal:
            sku = CountLine.objects.values_list("stock_record__partner_sku", flat=True).get(pk=line_id)
            refused.append(f"{sku}: {refusal}")
    if not refused:
        CountSheet.objects.filter(pk=sheet.pk, state=State.REVIEWED).update(state=State.POSTED, closed_at=Now())
    return Posted(posted, tuple(refused))


@transaction.atomic
def cancel_sheet(sheet_id: int) -> CountSheet:
    """Throw a sheet away of which nothing was posted. Raises CountRefused."""
    sheet = _lock_sheet(sheet_id)
    if sheet.state == State.POSTED or sheet.lines.filter(posted_at__isnull=False).exists():
        raise CountRefused(f"{sheet} has been posted; it stays.")
    CountSheet.objects.filter(pk=sheet.pk).update(state=State.CANCELLED, closed_at=Now())
    sheet.refresh_from_db()
    return sheet


@transaction.atomic
def _post_line(line_id: int, *, reason: str, actor_name: str) -> int:
    """1 when a difference was posted."""
    line = _lock_line(line_id)
    if line.posted_at is not None or line.sheet.state != State.REVIEWED:
        return 0
    if line.difference:
        post_difference(
            Entry(
                stock_record_id=line.stock_record_id,
                location_code=line.sheet.location.code,
                actor_name=actor_name,
                reason=reason[:200],
                reference=f"count:{line.sheet_id}",
                idempotency_key=f"count:{line.sheet_id}:{line.pk}",
            ),
            quantity_delta=line.difference,
        )
    CountLine.objects.filter(pk=line.pk).update(posted_at=Now())
    return 1 if line.difference else 0


def _lock_sheet(sheet_id: int) -> CountSheet:
    sheet = CountSheet.objects.select_for_update(of=("self",)).select_related("location").filter(pk=sheet_id).first()
    if sheet is None:
        raise CountRefused(f"There is no count sheet {sheet_id}.")
    return sheet


def _lock_line(line_id: int) -> CountLine:
    """With its sheet, which cannot be opened again meanwhile."""
    _lock_sheet(CountLine.objects.values_list("sheet_id", flat=True).get(pk=line_id))
    return CountLine.objects.select_for_update(of=("self",)).select_related("sheet__location").get(pk=line_id)


def _moved_since(line: CountLine, location_id: int, at: datetime) -> int:
    """Units that the ledger moved at the location after an instant; the stock record is locked."""
    moved = StockMovement.objects.filter(stock_record=line.stock_record_id, location=location_id, created_at__gt=at)
    return moved.aggregate(units=Sum("quantity_delta"))["units"] or 0


def _check_instant(at: datetime, sheet: CountSheet) -> None:
    """Between the making of the sheet and now, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s BETWEEN %s AND statement_timestamp()", [at, sheet.created_at])
        if not cursor.fetchone()[0]:
            raise CountRefused(
                f"{at:%d.%m.%Y %H:%M} cannot be when it was counted: the sheet was made at"
                f" {timezone.localtime(sheet.created_at):%d.%m.%Y %H:%M}, and the future has not come."
            )
