"""Work out again what is kept beside the books: allocated units of levels, and the totals on stock records.

Both are sums that are carried along so that nobody has to add up; the allocations and the levels are the truth. Units on
hand are not worked out here: whether the level or the ledger is wrong is told by the shelf, so that is counted.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from inventory.levels import carry_totals
from inventory.locking import lock_stock_records
from shop.audit.record import record_action

_DIFFERING = """
SELECT level.id, level.stock_record_id, record.partner_sku, location.code, level.on_hand, level.allocated,
       coalesce(held.units, 0)
FROM inventory_stocklevel level
JOIN partner_stockrecord record ON record.id = level.stock_record_id
JOIN inventory_location location ON location.id = level.location_id
LEFT JOIN (SELECT level_id, sum(quantity - dispatched - cancelled)::integer AS units FROM inventory_allocation
           GROUP BY level_id) held ON held.level_id = level.id
WHERE level.allocated <> coalesce(held.units, 0) AND (%(records)s::bigint[] IS NULL OR record.id = ANY(%(records)s))
ORDER BY level.id
"""
_TOTALS = """
SELECT record.id, record.partner_sku, record.num_in_stock, record.num_allocated, coalesce(total.on_hand, 0)::integer,
       coalesce(total.allocated, 0)::integer
FROM partner_stockrecord record
LEFT JOIN (SELECT stock_record_id, sum(on_hand) AS on_hand, sum(allocated) AS allocated FROM inventory_stocklevel
           GROUP BY stock_record_id) total ON total.stock_record_id = record.id
WHERE (coalesce(record.num_in_stock, 0), coalesce(record.num_allocated, 0))
      <> (coalesce(total.on_hand, 0), coalesce(total.allocated, 0))
ORDER BY record.id
"""
_ALLOCATE = """
UPDATE inventory_stocklevel level SET allocated = told.units
FROM unnest(%s::bigint[], %s::integer[]) AS told (id, units) WHERE level.id = told.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """`what` was carried wrongly for a SKU (`place`: at that location), and what the books say. `refused`: why it stays."""

    sku: str
    place: str
    what: str
    carried: int
    told: int
    refused: str = ""


def recount_stock(*, writes: bool, actor_name: str) -> list[Recounted]:
    """What differs; with `writes` it is set right, each stock record under its lock, and audited. Safe to repeat."""
    found = _recount_levels(writes=writes, actor_name=actor_name)
    return found + _recount_totals(writes=writes, actor_name=actor_name)


def _recount_levels(*, writes: bool, actor_name: str) -> list[Recounted]:
    rows = _ask(_DIFFERING, {"records": None})
    if not writes:
        return [_tell(row) for row in rows]
    found = []
    for record_id in dict.fromkeys(row[1] for row in rows):
        with transaction.atomic():
            lock_stock_records([record_id])
            now = _ask(_DIFFERING, {"records": [record_id]})  # Somebody may have moved units since.
            told = [_tell(row) for row in now]
            right = [row for row, one in zip(now, told, strict=True) if not one.refused]
            with connection.cursor() as cursor:
                cursor.execute(_ALLOCATE, ([row[0] for row in right], [row[6] for row in right]))
            carry_totals([record_id])
            for one in told:
                _audit(record_id, one, actor_name=actor_name)
            found += told
    return found


def _recount_totals(*, writes: bool, actor_name: str) -> list[Recounted]:
    found = []
    for record_id, sku, in_stock, allocated, on_hand, held in _ask(_TOTALS, {}):
        pairs = (("units in stock", in_stock, on_hand), ("allocated units", allocated, held))
        told = [
            Recounted(sku=sku, place="", what=what, carried=carried or 0, told=right)
            for what, carried, right in pairs
            if (carried or 0) != right
        ]
        if writes:
            with transaction.atomic():
                lock_stock_records([record_id])
                carry_totals([record_id])
                for one in told:
                    _audit(record_id, one, actor_name=actor_name)
        found += told
    return found


def _tell(row: tuple[Any, ...]) -> Recounted:
    _, _, sku, place, on_hand, allocated, units = row
    refused = f"Only {on_hand} units are on hand: count the shelf first, or cancel orders." if units > on_hand else ""
    return Recounted(sku=sku, place=place, what="allocated units", carried=allocated, told=units, refused=refused)


def _audit(record_id: int, one: Recounted, *, actor_name: str) -> None:
    if not one.refused:
        record_action(
            action="recount",
            subject_type="stock record",
            subject_id=record_id,
            actor_name=actor_name,
            before={one.what: one.carried, "location": one.place},
            after={one.what: one.told, "location": one.place},
            reason="The carried sum differed from the books.",
        )


def _ask(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
