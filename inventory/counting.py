"""Counts for many stock records at once: what files bring. Same ledger, same lock as `count_stock`."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from catalog.importing.ports import StockCount, StockCountRefused
from inventory.levels import LevelChange, change_levels
from inventory.locations import DEFAULT_CODE, default_location
from inventory.locking import lock_stock_records
from inventory.models import Location, StockLevel, StockMovement

_LEVELS = """
SELECT level.id, level.stock_record_id, level.location_id, level.on_hand, level.allocated FROM inventory_stocklevel level
JOIN unnest(%s::bigint[], %s::bigint[]) AS wanted (stock_record_id, location_id)
  ON level.stock_record_id = wanted.stock_record_id AND level.location_id = wanted.location_id
"""
_ON_HAND = """
SELECT level.stock_record_id, location.code, level.on_hand FROM inventory_stocklevel level
JOIN inventory_location location ON location.id = level.location_id
WHERE level.stock_record_id = ANY(%s) ORDER BY level.stock_record_id, location.priority, location.code
"""


@transaction.atomic
def count_many(counts: Sequence[StockCount], *, reference: str, actor_name: str) -> int:
    """Set units on hand, each record at most once per location; answers how many levels changed. Six statements.

    `reference` names the file's import and makes the counts happen once. Raises
    StockCountRefused before anything is written, for unknown locations and for fewer units than paid orders wait for.
    """
    locations = _find_locations(counts)
    lock_stock_records(count.stock_record_id for count in counts)
    wanted = {(count.stock_record_id, locations[count.location_code]): count for count in counts}
    StockLevel.objects.bulk_create(
        [StockLevel(stock_record_id=record, location_id=location) for record, location in wanted], ignore_conflicts=True
    )
    movements: list[StockMovement] = []
    changes: dict[int, LevelChange] = {}
    refused: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, ([record for record, _ in wanted], [location for _, location in wanted]))
        levels = cursor.fetchall()
    for level_id, record_id, location_id, on_hand, allocated in levels:
        count = wanted[record_id, location_id]
        if count.quantity < allocated:
            refused[count.sku] = (
                f"{allocated} units of {count.sku} are promised to paid orders, so that the count cannot be "
                f"{count.quantity}. Count again, or cancel orders first."
            )
        elif count.quantity != on_hand:
            changes[level_id] = LevelChange(on_hand=count.quantity - on_hand)
            movements.append(
                StockMovement(
                    stock_record_id=record_id,
                    location_id=location_id,
                    kind=StockMovement.Kind.COUNT,
                    quantity_delta=count.quantity - on_hand,
                    on_hand_after=count.quantity,
                    reason=(count.reason or reference)[:200],
                    reference=reference[:120],
                    actor_name=actor_name[:200],
                    idempotency_key=f"{reference}:{record_id}:{location_id}"[:160],
                )
            )
    if refused:
        raise StockCountRefused(refused)
    StockMovement.objects.bulk_create(movements)
    change_levels(changes)
    return len(changes)


def read_on_hand(stock_record_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Units on hand by location code, of the records that have a level anywhere; one query."""
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ON_HAND, (list(stock_record_ids),))
        for record_id, code, on_hand in cursor.fetchall():
            found.setdefault(record_id, {})[code] = on_hand
    return found


def list_location_codes() -> list[str]:
    """The default location first. Before there is any, the one that would be made on first use."""
    codes = list(Location.objects.order_by("-is_active", "priority", "code").values_list("code", flat=True))
    return codes or [DEFAULT_CODE]


def _find_locations(counts: Sequence[StockCount]) -> dict[str, int]:
    known = dict(Location.objects.values_list("code", "id"))
    asked = {count.location_code for count in counts}
    if "" in asked or (DEFAULT_CODE in asked and not known):
        default = default_location()
        known |= {"": default.pk, default.code: default.pk}
    refused = {
        count.sku: f"There is no location {count.location_code[:40]}. Add it under Stock, Locations, or correct the code."
        for count in counts
        if count.location_code not in known
    }
    if refused:
        raise StockCountRefused(refused)
    return known
