"""Give the units that came in their cost. Append-only; callers hold the stock records' lock."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from inventory.costs.records import CostLayer
from inventory.models import StockMovement
from shop.money import minor_unit

BETWEEN_LOCATIONS = (StockMovement.Kind.TRANSFER_OUT.value, StockMovement.Kind.TRANSFER_IN.value)

# What the product states comes before what the last units cost: whoever states a cost with a count means it.
_POST = """
INSERT INTO inventory_costlayer (movement_id, stock_record_id, quantity, amount, source)
SELECT movement.id, movement.stock_record_id, movement.quantity_delta,
       round(coalesce(detail.cost, latest.amount / latest.quantity) * movement.quantity_delta, %(places)s),
       CASE WHEN detail.cost IS NULL THEN 'latest' ELSE 'stated' END
FROM inventory_stockmovement movement
JOIN partner_stockrecord record ON record.id = movement.stock_record_id
LEFT JOIN catalog_pricedetail detail
       ON detail.stock_record_id = record.id AND record.price_currency = %(currency)s
LEFT JOIN LATERAL (
    SELECT amount, quantity FROM inventory_costlayer older
    WHERE older.stock_record_id = movement.stock_record_id AND older.movement_id < movement.id
    ORDER BY older.movement_id DESC LIMIT 1
) latest ON true
WHERE {which} AND movement.quantity_delta > 0 AND movement.kind <> ALL(%(between)s)
  AND coalesce(detail.cost, latest.amount) IS NOT NULL
ON CONFLICT (movement_id) DO NOTHING
"""
_OF_KEYS = _POST.format(which="movement.idempotency_key = ANY(%(keys)s)")
_WITHOUT = _POST.format(
    which="NOT EXISTS (SELECT FROM inventory_costlayer known WHERE known.movement_id = movement.id)"
)


def places() -> int:
    """Decimals of an amount in the shop's currency."""
    return max(-int(minor_unit(settings.SHOP_CURRENCY).as_tuple().exponent), 0)


def post_layers(keys: Sequence[str]) -> int:
    """Layers for the movements with these idempotency keys, as far as their cost is known; answers how many.

    The product's stated cost is taken (`PriceDetail.cost`, when the product is priced in the shop's currency), else the
    unit cost of the layer before.
    """
    return _write(_OF_KEYS, keys=list(keys))


def post_bought_layer(movement: StockMovement, *, amount: Decimal) -> CostLayer:
    """The layer of units whose cost a document says: `amount` for all of them."""
    return CostLayer.objects.create(
        movement=movement,
        stock_record_id=movement.stock_record_id,
        quantity=movement.quantity_delta,
        amount=amount,
        source=CostLayer.Source.PURCHASE,
    )


def state_missing_costs() -> int:
    """Layers for every movement that has none and whose product has a cost by now; answers how many.

    Known figures never change by this: only units without a cost get one, at the instant they came in.
    """
    return _write(_WITHOUT)


def _write(sql: str, **params: Any) -> int:
    given: dict[str, Any] = {
        "places": places(),
        "currency": settings.SHOP_CURRENCY,
        "between": list(BETWEEN_LOCATIONS),
        **params,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return int(cursor.rowcount)
