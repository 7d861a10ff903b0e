"""What must always hold of stock, as questions that the database answers with the rows that break it."""

from shop.doctor.checks import Check, register_check

_RECOUNT = "Count the shelf and enter the count (Stock, Count): a movement then explains the difference."

CHECKS = (
    Check(
        id="I1",
        name="Units on hand are the sum of the stock ledger",
        sql="""
            SELECT coalesce(level.stock_record_id, ledger.stock_record_id) AS stock_record,
                   coalesce(level.location_id, ledger.location_id) AS location,
                   coalesce(level.on_hand, 0) AS on_hand, coalesce(ledger.units, 0) AS ledger,
                   (SELECT partner_sku FROM partner_stockrecord
                    WHERE id = coalesce(level.stock_record_id, ledger.stock_record_id)) AS sku,
                   (SELECT code FROM inventory_location
                    WHERE id = coalesce(level.location_id, ledger.location_id)) AS place
            FROM inventory_stocklevel AS level
            FULL JOIN (
                SELECT stock_record_id, location_id, sum(quantity_delta) AS units
                FROM inventory_stockmovement GROUP BY stock_record_id, location_id
            ) AS ledger USING (stock_record_id, location_id)
            WHERE coalesce(level.on_hand, 0) <> coalesce(ledger.units, 0)
        """,
        repair=_RECOUNT,
        entry="Enter a count of {sku} at {place}: it posts what brings the ledger from {ledger} to the units counted.",
    ),
    Check(
        id="I1",
        name="Allocated units are the sum of the open allocations",
        sql="""
            SELECT level.id AS level, level.stock_record_id AS stock_record, level.allocated,
                   coalesce(held.units, 0) AS open_allocations
            FROM inventory_stocklevel AS level
            LEFT JOIN (
                SELECT level_id, sum(quantity - dispatched - cancelled) AS units
                FROM inventory_allocation GROUP BY level_id
            ) AS held ON held.level_id = level.id
            WHERE level.allocated <> coalesce(held.units, 0)
        """,
        repair="Run manage.py recount_stock: it carries the open allocations to the level again, and writes that down.",
        entry="manage.py recount_stock: level {level} from {allocated} to {open_allocations} allocated units.",
    ),
    Check(
        id="I1",
        name="A stock record's totals are the sums over its locations",
        sql="""
            SELECT record.id AS stock_record, record.partner_sku AS sku, record.num_in_stock,
                   coalesce(total.on_hand, 0) AS on_hand, record.num_allocated,
                   coalesce(total.allocated, 0) AS allocated
            FROM partner_stockrecord AS record
            LEFT JOIN (
                SELECT stock_record_id, sum(on_hand) AS on_hand, sum(allocated) AS allocated
                FROM inventory_stocklevel GROUP BY stock_record_id
            ) AS total ON total.stock_record_id = record.id
            WHERE coalesce(record.num_in_stock, 0) <> coalesce(total.on_hand, 0)
               OR coalesce(record.num_allocated, 0) <> coalesce(total.allocated, 0)
        """,
        repair="Run manage.py recount_stock: it carries the totals again from the stock levels, and writes that down.",
        entry="manage.py recount_stock: {sku} from {num_in_stock} to {on_hand} units in stock,"
        " from {num_allocated} to {allocated} allocated.",
    ),
    Check(
        id="I1",
        name="No location promises more than it has, and nothing is negative",
        sql="""
            SELECT id AS level, stock_record_id AS stock_record, location_id AS location, on_hand, allocated
            FROM inventory_stocklevel
            WHERE on_hand < 0 OR allocated < 0 OR allocated > on_hand
        """,
        repair="Oversold: cancel and refund the latest allocations of the level until the rest can be kept.",
        entry="Level {level}: count it, or cancel orders until no more than {on_hand} of {allocated} units are promised.",
    ),
    Check(
        id="I1",
        name="Each ledger row continues the one before",
        sql="""
            SELECT id AS movement, stock_record_id AS stock_record, location_id AS location, on_hand_after, running
            FROM (
                SELECT id, stock_record_id, location_id, on_hand_after,
                       sum(quantity_delta) OVER (PARTITION BY stock_record_id, location_id ORDER BY id) AS running
                FROM inventory_stockmovement
            ) AS ledger
            WHERE on_hand_after <> running OR running < 0
        """,
        repair="A movement was written without the stock lock; find its path by actor and reference. " + _RECOUNT,
        entry="Movement {movement} says {on_hand_after} units where the ledger comes to {running}: count the shelf.",
    ),
    Check(
        id="I1",
        name="No claim holds the same units twice",
        sql="""
            SELECT held.claim, held.stock_record_id AS stock_record, held.quantity AS reserved
            FROM inventory_reservation AS held
            WHERE held.released_at IS NULL AND held.expires_at > statement_timestamp() AND (EXISTS (
                SELECT 1 FROM inventory_allocation AS given
                JOIN inventory_stocklevel AS level ON level.id = given.level_id
                WHERE given.claim = held.claim AND level.stock_record_id = held.stock_record_id
            ) OR EXISTS (
                SELECT 1 FROM inventory_backorder AS waits
                WHERE waits.claim = held.claim AND waits.stock_record_id = held.stock_record_id
            ))
        """,
        repair="Release the claim's reservation: its units are allocated, or waited for, already.",
        entry="Release the reservation of {reserved} units of stock record {stock_record} by {claim}.",
    ),
    Check(
        id="I2",
        name="Units dispatched from the ledger are the units dispatched for orders",
        sql="""
            SELECT level.id AS level, level.stock_record_id AS stock_record, coalesce(sent.units, 0) AS ledger,
                   coalesce(given.units, 0) AS allocations
            FROM inventory_stocklevel AS level
            LEFT JOIN (
                SELECT stock_record_id, location_id, -sum(quantity_delta) AS units
                FROM inventory_stockmovement WHERE kind = 'dispatch' GROUP BY stock_record_id, location_id
            ) AS sent ON sent.stock_record_id = level.stock_record_id AND sent.location_id = level.location_id
            LEFT JOIN (
                SELECT level_id, sum(dispatched) AS units FROM inventory_allocation GROUP BY level_id
            ) AS given ON given.level_id = level.id
            WHERE coalesce(sent.units, 0) <> coalesce(given.units, 0)
        """,
        repair="Compare the level's dispatch movements with its allocations; write the missing one of the two.",
        entry="Level {level}: {ledger} units left by the ledger, {allocations} by the orders. Find the parcel of the"
        " difference, then dispatch it, or enter a correction that names it.",
    ),
    Check(
        id="I2",
        name="Units left and units in orders are the units that came in",
        sql="""
            SELECT record.id AS stock_record, record.partner_sku AS sku, coalesce(came.units, 0) AS came_in,
                   coalesce(record.num_in_stock, 0) AS left_over, coalesce(sold.units, 0) AS dispatched
            FROM partner_stockrecord AS record
            LEFT JOIN (
                SELECT stock_record_id, sum(quantity_delta) AS units
                FROM inventory_stockmovement WHERE kind <> 'dispatch' GROUP BY stock_record_id
            ) AS came ON came.stock_record_id = record.id
            LEFT JOIN (
                SELECT level.stock_record_id, sum(given.dispatched) AS units
                FROM inventory_allocation AS given JOIN inventory_stocklevel AS level ON level.id = given.level_id
                GROUP BY level.stock_record_id
            ) AS sold ON sold.stock_record_id = record.id
            WHERE coalesce(came.units, 0) <> coalesce(record.num_in_stock, 0) + coalesce(sold.units, 0)
        """,
        repair=_RECOUNT,
        entry="Enter a count of {sku}: {came_in} units came in, {left_over} are left and {dispatched} were sent.",
    ),
)


def register_invariants() -> None:
    for check in CHECKS:
        register_check(check)
