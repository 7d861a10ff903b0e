"""What goes on in the demo shop's stock room: two things sold ahead, a transfer on its way, a sheet being counted."""

from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from inventory.backorder_policy import set_policy, shop_today
from inventory.counting import Counted, count_lines, open_sheet
from inventory.ledger import Entry, count_stock
from inventory.models import BackorderPolicy, StockLevel
from inventory.transfers import draft_transfer, send_transfer
from shop.demo.catalogue.rows import MAIN, STUDIO

ACTOR: Final = "demo"
AHEAD: Final = (
    (BackorderPolicy.Kind.PRE_ORDER, 40, 33, "The new ones are still with the maker."),
    (BackorderPolicy.Kind.BACKORDER, 12, 12, "Sold out; the next delivery is announced."),
)
"""Kind, cap, days until it is sent, and why none is there."""
TRANSFER_LINES: Final = 3
SHEET_LINES: Final = 12
COUNTED: Final = 5


def fill_stockroom() -> None:
    """By the functions that staff use; the same rows in every demo shop. Does nothing when it was done before."""
    if BackorderPolicy.objects.exists():
        return
    # Things of one variant, so that a visitor sees at once how it is sold.
    alone = list(_goods().filter(product__structure=Product.STANDALONE).order_by("num_in_stock", "pk")[: len(AHEAD)])
    for record, (kind, cap, days, why) in zip(alone, AHEAD, strict=False):
        for code in _places_of(record):
            count_stock(_entry(record, code, why), quantity=0)
        set_policy(stock_record_id=record.pk, kind=kind, cap=cap, promised_on=shop_today() + timedelta(days=days))
    plenty = list(_goods().exclude(pk__in=[one.pk for one in alone]).order_by("-num_in_stock", "pk"))
    _carry(plenty[:TRANSFER_LINES])
    _begin_count(plenty[TRANSFER_LINES : TRANSFER_LINES + SHEET_LINES])


def _goods() -> QuerySet[StockRecord]:
    """Things that can be bought one by one, of which nothing is promised to an order."""
    return StockRecord.objects.filter(kit=None, part_of=None, num_allocated=0, levels__location__code=MAIN)


def _places_of(record: StockRecord) -> list[str]:
    held = StockLevel.objects.filter(stock_record=record, on_hand__gt=0).order_by("pk")
    return list(held.values_list("location__code", flat=True))


def _entry(record: StockRecord, code: str, why: str) -> Entry:
    return Entry(
        stock_record_id=record.pk,
        location_code=code,
        actor_name=ACTOR,
        reason=why,
        reference="demo:stockroom",
        idempotency_key=f"demo:stockroom:{record.pk}:{code}",
    )


def _carry(records: list[StockRecord]) -> None:
    transfer = draft_transfer(
        origin_code=MAIN,
        destination_code=STUDIO,
        quantities={record.pk: 2 for record in records},
        note="For the shop window in Berlin",
        actor_name=ACTOR,
        key="demo:stockroom",
    )
    send_transfer(transfer.pk, actor_name=ACTOR)


def _begin_count(records: list[StockRecord]) -> None:
    """Some lines are counted, the rest waits for a visitor."""
    sheet = open_sheet(
        location_code=MAIN,
        name="Shelf by the window",
        stock_record_ids=[record.pk for record in records],
        actor_name=ACTOR,
        key="demo:stockroom",
    )
    lines = list(sheet.lines.order_by("pk")[:COUNTED])
    levels = StockLevel.objects.filter(
        location=sheet.location_id, stock_record__in=[one.stock_record_id for one in lines]
    )
    there = dict(levels.values_list("stock_record_id", "on_hand"))
    counts = [
        Counted(line.pk, max(there.get(line.stock_record_id, 0) - (place == 1), 0)) for place, line in enumerate(lines)
    ]
    count_lines(sheet.pk, counts, actor_name=ACTOR)
