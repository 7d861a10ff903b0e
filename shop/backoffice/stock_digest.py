"""The morning mail about what runs out: at most one a day for each person of a role that wants it, never twice the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from checkout.orders.mails import Letter, queue_letters
from inventory.low_stock.judging import LowLevel, note_changes
from inventory.low_stock.records import LowStockDigest, LowStockNote
from inventory.purchasing.expected import ExpectedStock, read_expected
from shop.backoffice.alarms import people_with

HOUR: Final = 7
"""On the shop's clock: not before. A digest that was missed then is written later on the same day."""
RIGHT: Final = "hear_of_low_stock"
MOST_LINES: Final = 100


@transaction.atomic
def write_stock_digest(now: datetime | None = None) -> int:
    """Judge the levels once a day and queue a mail per person; answers how many mails. Safe at any time, twice, and
    beside itself. Nothing new makes no mail; with nobody to tell, nothing counts as told."""
    local = timezone.localtime(now)
    people = list(people_with(RIGHT))
    if local.hour < HOUR or not people:
        return 0
    digest, is_first = LowStockDigest.objects.get_or_create(day=local.date())
    if not is_first:
        return 0
    news = note_changes()
    LowStockDigest.objects.filter(pk=digest.pk).update(levels=len(news))
    if not news:
        return 0
    known = LowStockNote.objects.count() - len(news)
    context = _describe(news, known=known)
    return queue_letters(
        [
            Letter(
                to=person.email,
                kind="stock_digest",
                key=f"stock_digest:{digest.day}:{person.pk}",
                subject=context["headline"],
                template="stock_digest",
                context=context,
            )
            for person in people
        ]
    )


def _describe(news: Sequence[LowLevel], *, known: int) -> dict[str, Any]:
    out = sum(1 for one in news if one.free <= 0)
    low = len(news) - out
    parts = [f"{out} sold out"] if out else []
    parts += [f"{low} low"] if low else []
    expected = read_expected({one.stock_record_id for one in news[:MOST_LINES]})
    since = f" {known} more were low before; you know of them." if known else ""
    return {
        "headline": f"Stock: {', '.join(parts)}",
        "sentence": f"New since the last digest.{since}",
        "lines": [_line(one, expected.get(one.stock_record_id, [])) for one in news[:MOST_LINES]],
        "more": max(len(news) - MOST_LINES, 0),
        "list_url": f"{settings.SITE_URL}/admin/inventory/stocklevel/?list=low",
    }


def _line(one: LowLevel, expected: Sequence[ExpectedStock]) -> dict[str, Any]:
    first = expected[0] if expected else None
    day = f" on {date_format(first.on, 'j F')}" if first and first.on else ""
    return {
        "sku": one.sku,
        "title": one.title,
        "location": one.location,
        "state": "sold out" if one.free <= 0 else f"{one.free} left",
        "threshold": one.threshold,
        "expected": f"{first.units} expected{day} ({first.number})" if first else "nothing ordered",
    }
