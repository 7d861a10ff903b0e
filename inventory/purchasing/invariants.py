"""What must always hold of purchase orders and their deliveries."""

from shop.doctor.checks import Check, register_check

CHECKS = (
    Check(
        id="I2",
        name="What came of purchase orders is in the stock ledger with its cost",
        sql="""
            SELECT part.id AS receipt_line, receipt.number AS delivery, ordered.stock_record_id AS stock_record,
                   part.quantity, movement.quantity_delta AS movement_units, part.goods + part.landed AS cost,
                   layer.amount AS layer
            FROM inventory_receiptline AS part
            JOIN inventory_goodsreceipt AS receipt ON receipt.id = part.receipt_id
            JOIN inventory_purchaseline AS ordered ON ordered.id = part.line_id
            LEFT JOIN inventory_stockmovement AS movement ON movement.id = part.movement_id
            LEFT JOIN inventory_costlayer AS layer ON layer.movement_id = part.movement_id
            WHERE movement.id IS NULL OR movement.kind <> 'receipt' OR ordered.order_id <> receipt.order_id
               OR movement.stock_record_id <> ordered.stock_record_id OR movement.quantity_delta <> part.quantity
               OR movement.reference <> 'receipt:' || receipt.id
               OR layer.amount IS DISTINCT FROM part.goods + part.landed
        """,
        repair="Compare the delivery note with the movements of its reference; correct the stock by a movement.",
    ),
    Check(
        id="I2",
        name="Freight and duty of a delivery are shared out to the cent",
        sql="""
            SELECT receipt.id AS receipt, receipt.number AS delivery, receipt.freight, receipt.duty,
                   coalesce(sum(part.landed), 0) AS shared_out
            FROM inventory_goodsreceipt AS receipt
            LEFT JOIN inventory_receiptline AS part ON part.receipt_id = receipt.id
            GROUP BY receipt.id
            HAVING receipt.freight + receipt.duty <> coalesce(sum(part.landed), 0)
        """,
        repair="The delivery's lines were changed past the ledger; compare them with its cost layers.",
    ),
)


def register_invariants() -> None:
    for check in CHECKS:
        register_check(check)
