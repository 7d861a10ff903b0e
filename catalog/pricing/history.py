"""What was displayed when: questions to the append-only price history."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from catalog.pricing.reference import shown_histories
from catalog.pricing.showing import adds_tax, showing_at

_PRICE_AT = """
SELECT change.price, change.currency, COALESCE(detail.tax_class, 'standard')
FROM catalog_pricechange change LEFT JOIN catalog_pricedetail detail USING (stock_record_id)
WHERE change.stock_record_id = %s AND change.effective_at <= %s
ORDER BY change.effective_at DESC, change.id DESC LIMIT 1
"""
# Each row of the history was displayed from its own instant until the next row's.
_LOWEST = """
WITH shown AS (
    SELECT price, effective_at AS since, LEAD(effective_at) OVER (ORDER BY effective_at, id) AS until
    FROM catalog_pricechange WHERE stock_record_id = %(record)s
), moment AS (SELECT COALESCE(%(before)s::timestamptz, now()) AS instant)
SELECT MIN(price) FROM shown, moment
WHERE since < instant AND COALESCE(until, 'infinity') > instant - make_interval(days => %(days)s)
"""


def price_at(stock_record_id: int, instant: datetime) -> Decimal | None:
    """The price displayed at an instant; None before the first price or while off sale."""
    with connection.cursor() as cursor:
        cursor.execute(_PRICE_AT, (stock_record_id, instant))
        row = cursor.fetchone()
    if row is None:
        return None
    price, currency, tax_class = row
    return showing_at(instant).show(price, tax_class=tax_class, currency=currency)


def lowest_price(stock_record_id: int, *, days: int = 30, before: datetime | None = None) -> Decimal | None:
    """The lowest price displayed in the `days` days that end at `before` (default: now, by the database's clock)."""
    if adds_tax() is not None:
        return _lowest_shown(stock_record_id, days=days, before=before)
    with connection.cursor() as cursor:
        cursor.execute(_LOWEST, {"record": stock_record_id, "days": days, "before": before})
        row = cursor.fetchone()
    return row[0] if row else None


def _lowest_shown(stock_record_id: int, *, days: int, before: datetime | None) -> Decimal | None:
    history = shown_histories([stock_record_id]).get(stock_record_id, [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        instant = before or cursor.fetchone()[0]
    opens = instant - timedelta(days=days)
    ends = [*(row.since for row in history[1:]), None]
    shown = (
        row.price
        for row, end in zip(history, ends, strict=True)
        if row.price is not None and row.since < instant and (end is None or end > opens)
    )
    return min(shown, default=None)
