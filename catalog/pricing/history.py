"""What was displayed when: questions to the append-only price history."""

from datetime import datetime
from decimal import Decimal

from django.db import connection

_PRICE_AT = """
SELECT price FROM catalog_pricechange WHERE stock_record_id = %s AND effective_at <= %s
ORDER BY effective_at DESC, id DESC LIMIT 1
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
    return row[0] if row else None


def lowest_price(stock_record_id: int, *, days: int = 30, before: datetime | None = None) -> Decimal | None:
    """The lowest price displayed in the `days` days that end at `before` (default: now, by the database's clock)."""
    with connection.cursor() as cursor:
        cursor.execute(_LOWEST, {"record": stock_record_id, "days": days, "before": before})
        row = cursor.fetchone()
    return row[0] if row else None
