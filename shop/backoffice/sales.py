"""What was sold, day by day. Orders that were paid and not given up, by the day they were placed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.utils import timezone

from shop.money import ZERO

_DAILY = """
SELECT (date_placed AT TIME ZONE %(zone)s)::date AS day, count(*), sum(total_incl_tax)
FROM order_order
WHERE date_placed >= %(since)s::date AT TIME ZONE %(zone)s AND currency = %(currency)s
  AND status IN ('paid', 'partly shipped', 'shipped')
GROUP BY day
"""
_BEST = """
SELECT line.title, line.partner_sku, sum(line.quantity), sum(line.line_price_incl_tax)
FROM order_line line JOIN order_order placed ON placed.id = line.order_id
WHERE placed.date_placed >= %(since)s::date AT TIME ZONE %(zone)s AND placed.currency = %(currency)s
  AND placed.status IN ('paid', 'partly shipped', 'shipped')
GROUP BY line.title, line.partner_sku ORDER BY 4 DESC, 2 LIMIT 10
"""


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    orders: int
    turnover: Decimal


@dataclass(frozen=True, slots=True)
class BestSeller:
    title: str
    sku: str
    units: int
    turnover: Decimal


def daily_sales(days: int) -> list[Day]:
    """The last `days` days with today as the last, empty ones included; one query."""
    today = timezone.localdate()
    since = today - timedelta(days=days - 1)
    found = {day: Day(day, orders, turnover) for day, orders, turnover in _ask(_DAILY, since)}
    return [found.get(day) or Day(day, 0, ZERO) for day in (since + timedelta(days=number) for number in range(days))]


def best_sellers(days: int) -> list[BestSeller]:
    since = timezone.localdate() - timedelta(days=days - 1)
    return [BestSeller(*row) for row in _ask(_BEST, since)]


def _ask(sql: str, since: date) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(sql, {"zone": settings.TIME_ZONE, "since": since, "currency": settings.SHOP_CURRENCY})
        return cursor.fetchall()
