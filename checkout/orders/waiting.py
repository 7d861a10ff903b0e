"""Which lines of an order wait for units that have to come in, and what the shopper is told of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F
from oscar.apps.order.models import Order

from checkout.orders.closing import claim_of
from checkout.orders.states import PENDING
from inventory.availability import open_backorders
from inventory.backorder_policy import shop_today
from inventory.backorders import last_promise
from inventory.models import Allocation, Backorder
from inventory.promises import promise_words, write_day


def waiting_lines(order_id: int) -> dict[int, list[Backorder]]:
    """Open backorders by order line id. One query."""
    found: dict[int, list[Backorder]] = {}
    for one in open_backorders().filter(claim=claim_of(order_id)).order_by("pk"):
        found.setdefault(int(one.line.removeprefix("line:")), []).append(one)
    return found


def note_lines(order: Order, lines: Sequence[dict[str, Any]], quote: Mapping[str, Any]) -> None:
    """Write into `note` of each shown line when it is sent: as agreed before it is paid, as it is now afterwards.

    The lines stand in the order of the quote, as the order's own do.
    """
    if order.status == PENDING:
        for shown, line in zip(lines, quote.get("lines", ()), strict=False):
            shown["note"] = (line["item"].get("wait") or {}).get("words", "")
        return
    waiting = waiting_lines(order.pk)
    if not waiting:
        return
    for shown, line_id in zip(lines, order.lines.order_by("pk").values_list("pk", flat=True), strict=False):
        if rows := waiting.get(line_id):
            last = max(rows, key=lambda row: row.promised_on)
            shown["note"] = promise_words(kind=last.kind, on=last.promised_on)


def sent_from(order_id: int) -> date | None:
    """The day that is promised for the last of what waits; None when nothing does."""
    last = last_promise(claim_of(order_id))
    return last.promised_on if last is not None else None


def waiting_sentence(order_id: int) -> str:
    """What happens next, for an order that is paid and waits, in part or altogether; "" when nothing waits."""
    day = sent_from(order_id)
    if day is None:
        return ""
    if day < shop_today():
        return (
            f"It was promised for {write_day(day)} and has not come in yet. As soon as we know the new day, we write to"
            " you; the mail about it has a link that cancels it free of charge."
        )
    if Allocation.objects.filter(claim=claim_of(order_id)).exists():
        return f"We are packing what is here; the rest is sent from {write_day(day)}. We write to you each time."
    return (
        f"It is sent from {write_day(day)}, and we write to you when it leaves. Should the day change, you hear of it."
    )


def has_to_come_in(order_id: int) -> bool:
    return open_backorders().filter(claim=claim_of(order_id)).exists()


def waits_still(order_id: int) -> bool:
    """Whether units have to come in, or have come in and did not leave."""
    here = Allocation.objects.filter(claim=claim_of(order_id), quantity__gt=F("dispatched") + F("cancelled"))
    return here.exists() or has_to_come_in(order_id)
