"""What must always hold of transfers and posted counts."""

from shop.doctor.checks import Check, register_check

CHECKS = (
    Check(
        id="I1",
        name="What a transfer says was sent and received stands in the stock ledger",
        sql="""
            SELECT transfer.id AS transfer, line.stock_record_id AS stock_record, line.quantity, line.received, line.missing,
                   coalesce(moved.sent, 0) AS sent_in_ledger, coalesce(moved.arrived, 0) AS received_in_ledger
            FROM inventory_transferline AS line
            JOIN inventory_transfer AS transfer ON transfer.id = line.transfer_id
            LEFT JOIN (
                SELECT reference, stock_record_id,
                       -sum(quantity_delta) FILTER (WHERE kind = 'transfer out') AS sent,
                       sum(quantity_delta) FILTER (WHERE kind = 'transfer in') AS arrived
                FROM inventory_stockmovement WHERE reference LIKE 'transfer:%' GROUP BY reference, stock_record_id
            ) AS moved ON moved.reference = 'transfer:' || transfer.id AND moved.stock_record_id = line.stock_record_id
            WHERE coalesce(moved.arrived, 0) <> line.received + line.missing
               OR coalesce(moved.sent, 0) <> CASE WHEN transfer.sent_at IS NULL THEN 0 ELSE line.quantity END
        """,
        repair="Count both shelves; correct the transfer's line to what its movements say.",
    ),
    Check(
        id="I1",
        name="A closed transfer accounts for every unit that was sent",
        sql="""
            SELECT transfer.id AS transfer, line.stock_record_id AS stock_record, line.quantity, line.received, line.missing
            FROM inventory_transferline AS line JOIN inventory_transfer AS transfer ON transfer.id = line.transfer_id
            WHERE (transfer.state = 'closed' AND line.received + line.missing <> line.quantity)
               OR (transfer.state IN ('drafted', 'cancelled') AND line.received + line.missing <> 0)
        """,
        repair="Receive what has arrived, or write the rest down as missing with a reason.",
    ),
    Check(
        id="I1",
        name="A posted count line has exactly the movement of its difference",
        sql="""
            SELECT line.id AS line, line.sheet_id AS sheet, line.counted, line.expected, movement.quantity_delta AS posted
            FROM inventory_countline AS line
            LEFT JOIN inventory_stockmovement AS movement
                ON movement.idempotency_key = 'count:' || line.sheet_id || ':' || line.id
            WHERE coalesce(movement.quantity_delta, 0)
                  <> CASE WHEN line.posted_at IS NULL THEN 0 ELSE coalesce(line.counted - line.expected, 0) END
        """,
        repair="Count the shelf again on a new sheet and post what differs.",
    ),
)


def register_invariants() -> None:
    for check in CHECKS:
        register_check(check)
