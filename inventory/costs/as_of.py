"""Stock as it was at an instant: units, value, cover, sell-through, and what does not sell. One question to the ledger.

- on hand: the sum of the movements up to and including the instant; on the way: what transfers took from one location
  and have not brought to another;
- value: of the units on hand and on the way, first in, first out (see `inventory.costs`); of a layer that is used up in
  part the share of its amount, rounded half up. `uncosted` counts the units whose cost nobody has said, valued at 0;
- sold: units dispatched less units returned in the `days` before the instant;
- cover: for how many days the units on hand last at that pace; None when nothing was sold;
- sell-through: sold / (units at the start of those days + units that came in since); None when there were none;
- dead: on hand, there at the start of those days, and none sold in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from inventory.costs.layers import BETWEEN_LOCATIONS, places
from shop.money import ZERO

DAYS: Final = 90

_LINES: Final = """
WITH moved AS (
    SELECT stock_record_id, sum(quantity_delta) AS on_hand,
           -coalesce(sum(quantity_delta) FILTER (WHERE kind = ANY(%(between)s)), 0) AS in_transit,
           coalesce(sum(quantity_delta) FILTER (WHERE created_at <= %(since)s), 0) AS opening,
           greatest(-coalesce(sum(quantity_delta)
               FILTER (WHERE kind IN ('dispatch', 'return') AND created_at > %(since)s), 0), 0) AS sold,
           coalesce(sum(quantity_delta)
               FILTER (WHERE quantity_delta > 0 AND kind <> 'return' AND kind <> ALL(%(between)s)
                       AND created_at > %(since)s), 0) AS came_in,
           max(created_at) FILTER (WHERE kind = 'dispatch') AS last_sold_at
    FROM inventory_stockmovement WHERE created_at <= %(at)s GROUP BY stock_record_id
), layers AS (
    SELECT movement.stock_record_id, movement.quantity_delta AS quantity, layer.amount,
           sum(movement.quantity_delta) OVER latest_first - movement.quantity_delta AS newer
    FROM inventory_stockmovement movement LEFT JOIN inventory_costlayer layer ON layer.movement_id = movement.id
    WHERE movement.created_at <= %(at)s AND movement.quantity_delta > 0 AND movement.kind <> ALL(%(between)s)
    WINDOW latest_first AS (
        PARTITION BY movement.stock_record_id ORDER BY movement.created_at DESC, movement.id DESC ROWS UNBOUNDED PRECEDING)
), held AS (
    SELECT layers.*, greatest(least(quantity, on_hand + in_transit - newer), 0) AS units
    FROM layers JOIN moved USING (stock_record_id)
), worth AS (
    SELECT stock_record_id, coalesce(sum(round(amount * units / quantity, %(places)s)), 0) AS value,
           coalesce(sum(units) FILTER (WHERE amount IS NULL), 0)::bigint AS uncosted
    FROM held WHERE units > 0 GROUP BY stock_record_id
), lines AS (
    SELECT moved.stock_record_id, record.partner_sku AS sku,
           coalesce(nullif(product.title, ''), parent.title, '') AS title,
           on_hand, in_transit, coalesce(value, 0) AS value, coalesce(uncosted, 0) AS uncosted, sold,
           CASE WHEN sold > 0 THEN floor(on_hand * %(days)s::numeric / sold) END AS cover_days,
           CASE WHEN opening + came_in > 0 THEN sold / (opening + came_in)::numeric END AS sell_through,
           last_sold_at, on_hand > 0 AND sold = 0 AND opening > 0 AS is_dead
    FROM moved
    JOIN partner_stockrecord record ON record.id = moved.stock_record_id
    JOIN catalogue_product product ON product.id = record.product_id
    LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
    LEFT JOIN worth ON worth.stock_record_id = moved.stock_record_id
)
SELECT *, count(*) OVER (), (sum(on_hand) OVER ())::bigint, (sum(in_transit) OVER ())::bigint, sum(value) OVER (),
       (sum(uncosted) OVER ())::bigint, (sum(sold) OVER ())::bigint
FROM lines WHERE (on_hand <> 0 OR in_transit <> 0 OR sold <> 0) AND {choice} AND {search}
ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""
CHOICES: Final[Mapping[str, str]] = {"all": "true", "dead": "is_dead", "uncosted": "uncosted > 0"}
ORDERS: Final[Mapping[str, str]] = {
    "sku": "sku, stock_record_id",
    "value": "value DESC, sku, stock_record_id",
    "cover": "cover_days DESC NULLS FIRST, value DESC, sku, stock_record_id",
}
_SEARCH: Final = "(sku = %(search)s OR starts_with(lower(title), lower(%(search)s)))"


@dataclass(frozen=True, slots=True)
class StockLine:
    """One stock record. `value` in the shop's currency, `sell_through` a fraction."""

    stock_record_id: int
    sku: str
    title: str
    on_hand: int
    in_transit: int
    value: Decimal
    uncosted: int
    sold: int
    cover_days: Decimal | None
    sell_through: Decimal | None
    last_sold_at: datetime | None
    is_dead: bool


@dataclass(frozen=True, slots=True)
class StockTotals:
    """Over all lines that were asked for, shown or not."""

    lines: int = 0
    on_hand: int = 0
    in_transit: int = 0
    value: Decimal = ZERO
    uncosted: int = 0
    sold: int = 0


@dataclass(frozen=True, slots=True)
class StockAsOf:
    at: datetime
    days: int
    lines: Sequence[StockLine]
    totals: StockTotals


def read_stock_as_of(
    at: datetime,
    *,
    days: int = DAYS,
    choice: str = "all",
    order: str = "sku",
    search: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> StockAsOf:
    """Every stock record that had units, on a shelf or on the way, at `at`, or sold some in the `days` before.

    `choice` is a key of CHOICES, `order` of ORDERS; `search` is a SKU, or how the title begins. One query.
    """
    sql = _LINES.format(choice=CHOICES[choice], order=ORDERS[order], search=_SEARCH if search else "true")
    params: dict[str, Any] = {
        "at": at,
        "since": at - timedelta(days=days),
        "days": days,
        "between": list(BETWEEN_LOCATIONS),
        "places": places(),
        "search": search,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    width = len(fields(StockLine))
    totals = StockTotals(*rows[0][width:]) if rows else StockTotals()
    return StockAsOf(at=at, days=days, lines=[StockLine(*row[:width]) for row in rows], totals=totals)
