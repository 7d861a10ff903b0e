"""How the value of the stock came from one instant to another: what was there, came in, went out, and is there now."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import connection

from inventory.costs.as_of import read_stock_as_of

_CAME_IN: Final = """
SELECT coalesce(sum(layer.amount), 0) FROM inventory_costlayer layer
JOIN inventory_stockmovement movement ON movement.id = layer.movement_id
WHERE movement.created_at > %s AND movement.created_at <= %s
"""


@dataclass(frozen=True, slots=True)
class ValueFlow:
    """opening + came_in - went_out = closing, in the shop's currency at cost.

    `went_out` is the cost of what was sold, lost and given away; what customers sent back came in again.
    """

    since: datetime
    until: datetime
    opening: Decimal
    came_in: Decimal
    went_out: Decimal
    closing: Decimal


def read_value_flow(*, since: datetime, until: datetime) -> ValueFlow:
    """After `since`, up to and including `until`. Three queries."""
    opening = read_stock_as_of(since, limit=1).totals.value
    closing = read_stock_as_of(until, limit=1).totals.value
    with connection.cursor() as cursor:
        cursor.execute(_CAME_IN, [since, until])
        came_in: Decimal = cursor.fetchone()[0]
    return ValueFlow(since, until, opening, came_in, opening + came_in - closing, closing)
