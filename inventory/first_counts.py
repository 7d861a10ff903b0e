"""The first counts of stock records that were made in the same transaction: nobody else can know, hold or await them.

Serves `catalog.importing.ports`; the totals of the stock records are written with the records.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from catalog.importing.bulk import Bulk
from catalog.importing.ports import FirstCount, StockCountRefused
from inventory.costs.records import CostLayer
from inventory.imported_counts import MOVEMENT, UNSAID, find_locations, name_count, object_to_count
from inventory.models import StockMovement
from shop.money import round_money

_LEVEL = ("stock_record_id", "location_id", "on_hand", "allocated", "buffer")
_LAYER = ("movement_id", "stock_record_id", "quantity", "amount", "source")


def write_first_counts(
    rows: Sequence[FirstCount], *, places: Mapping[str, int], bulk: Bulk, reference: str, actor_name: str
) -> None:
    """Level, movement and cost of each count that is not zero. `places` are locations known by code; others are looked up.

    Raises StockCountRefused with a sentence per SKU for negative counts and unknown locations.
    """
    if missing := {row.location_code for row in rows} - places.keys():
        places = {**places, **{code: location.pk for code, location in find_locations(missing).items()}}
    reasons = {row.sku: said for row in rows if (said := object_to_count(row, places))}
    if reasons:
        raise StockCountRefused(reasons)
    counted = {(row.stock_record_id, places[row.location_code]): row for row in rows if row.quantity}
    ids = bulk.take_ids("inventory_stockmovement", count=len(counted))
    kind = StockMovement.Kind.COUNT.value
    bulk.copy_rows("inventory_stocklevel", _LEVEL, [(*place, row.quantity, 0, 0) for place, row in counted.items()])
    bulk.copy_rows(
        "inventory_stockmovement",
        ("id", *MOVEMENT),
        [
            (
                pk,
                *place,
                kind,
                row.quantity,
                row.quantity,
                row.reason or UNSAID,
                reference,
                actor_name,
                name_count(reference, *place),
            )
            for pk, (place, row) in zip(ids, counted.items(), strict=True)
        ],
    )
    bulk.copy_rows("inventory_costlayer", _LAYER, _list_layers(dict(zip(ids, counted.values(), strict=True))))


def _list_layers(counted: Mapping[int, FirstCount]) -> list[tuple[Any, ...]]:
    """As `inventory.costs.layers` would post them: at the cost that the product states, in the shop's currency."""
    currency, stated = settings.SHOP_CURRENCY, CostLayer.Source.STATED.value
    return [
        (pk, row.stock_record_id, row.quantity, round_money(row.cost * row.quantity, currency), stated)
        for pk, row in counted.items()
        if row.cost is not None and row.currency == currency
    ]
