"""What must always hold of units that are sold before they are there."""

from shop.doctor.checks import Check, register_check

CHECKS = (
    Check(
        id="I1",
        name="No more units are waited for than the cap of their stock record allows",
        sql="""
            SELECT waits.stock_record_id AS stock_record, sum(waits.quantity - waits.filled - waits.cancelled) AS waiting,
                   coalesce(policy.cap, 0) AS cap
            FROM inventory_backorder AS waits
            LEFT JOIN inventory_backorderpolicy AS policy ON policy.stock_record_id = waits.stock_record_id
            GROUP BY waits.stock_record_id, policy.cap
            HAVING sum(waits.quantity - waits.filled - waits.cancelled) > coalesce(policy.cap, 0)
        """,
        repair="Oversold ahead: raise the cap when more will come, or cancel and refund the youngest orders that wait.",
    ),
    Check(
        id="I1",
        name="Units that came in for a waiting line are allocated to it",
        sql="""
            SELECT waits.id AS backorder, waits.claim, waits.line, waits.filled, coalesce(given.units, 0) AS allocated
            FROM inventory_backorder AS waits
            LEFT JOIN (
                SELECT allocation.claim, allocation.line, level.stock_record_id, sum(allocation.quantity) AS units
                FROM inventory_allocation AS allocation JOIN inventory_stocklevel AS level ON level.id = allocation.level_id
                GROUP BY allocation.claim, allocation.line, level.stock_record_id
            ) AS given USING (claim, line, stock_record_id)
            WHERE waits.filled > coalesce(given.units, 0) OR waits.filled + waits.cancelled > waits.quantity
        """,
        repair="Set the backorder's filled units to what its line was allocated after it was placed; the rest waits on.",
    ),
)


def register_invariants() -> None:
    for check in CHECKS:
        register_check(check)
