"""What must always hold of cost layers."""

from typing import Final

from inventory.costs.layers import BETWEEN_LOCATIONS
from shop.doctor.checks import Check, register_check

_PARAMS: Final = {"between": list(BETWEEN_LOCATIONS)}

CHECKS = (
    Check(
        id="I2",
        name="Each cost layer is of the units that its movement brought in",
        sql="""
            SELECT layer.movement_id AS movement, layer.stock_record_id AS stock_record, layer.quantity AS layer_units,
                   movement.quantity_delta AS movement_units, movement.kind, layer.amount
            FROM inventory_costlayer AS layer
            LEFT JOIN inventory_stockmovement AS movement ON movement.id = layer.movement_id
            WHERE movement.id IS NULL OR movement.quantity_delta <> layer.quantity
               OR movement.stock_record_id <> layer.stock_record_id OR movement.kind = ANY(%(between)s)
               OR layer.amount < 0
        """,
        repair="The layer was written past the ledger. Write the units off and receive them again with their cost.",
        params=_PARAMS,
    ),
    Check(
        id="I2",
        name="The units that cost layers hold are the units on hand and on the way",
        sql="""
            SELECT record.id AS stock_record, record.partner_sku AS sku, coalesce(record.num_in_stock, 0) AS on_hand,
                   coalesce(ledger.on_the_way, 0) AS on_the_way, coalesce(ledger.in_layers, 0) AS in_layers
            FROM partner_stockrecord AS record
            LEFT JOIN (
                SELECT movement.stock_record_id,
                       -coalesce(sum(movement.quantity_delta) FILTER (WHERE kind = ANY(%(between)s)), 0) AS on_the_way,
                       coalesce(sum(coalesce(layer.quantity, movement.quantity_delta))
                           FILTER (WHERE kind <> ALL(%(between)s) AND movement.quantity_delta > 0), 0)
                       + coalesce(sum(movement.quantity_delta)
                           FILTER (WHERE kind <> ALL(%(between)s) AND movement.quantity_delta < 0), 0) AS in_layers
                FROM inventory_stockmovement AS movement
                LEFT JOIN inventory_costlayer AS layer ON layer.movement_id = movement.id
                GROUP BY movement.stock_record_id
            ) AS ledger ON ledger.stock_record_id = record.id
            WHERE coalesce(record.num_in_stock, 0) + coalesce(ledger.on_the_way, 0) <> coalesce(ledger.in_layers, 0)
               OR coalesce(ledger.on_the_way, 0) < 0
        """,
        repair="Count the shelf and enter the count (Stock, Count); a layer then explains the difference.",
        params=_PARAMS,
    ),
)


def register_invariants() -> None:
    for check in CHECKS:
        register_check(check)
