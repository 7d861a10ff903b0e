"""Set many counts at once, for files; read them back, for exports and differences. Serves `catalog.importing.ports`."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction

from catalog.importing.bulk import copy_rows
from catalog.importing.ports import StockCount, StockCountRefused
from inventory.comeback import announce_returns, sold_out_among
from inventory.levels import carry_totals
from inventory.locations import UnknownLocation, default_location
from inventory.locking import UnknownStockRecord, lock_stock_records
from inventory.models import Location, StockLevel, StockMovement

_MOVEMENT = (
    "stock_record_id",
    "location_id",
    "kind",
    "quantity_delta",
    "on_hand_after",
    "reason",
    "reference",
    "actor_name",
    "idempotency_key",
)
LARGEST_COUNT = 2_000_000_000


@transaction.atomic
def write_counts(rows: Sequence[StockCount], *, reference: str, actor_name: str) -> int:
    """Set units on hand, all rows or none; answers how many levels changed. A level named twice gets its last row.

    One lock for the batch; constant queries. A row that agrees with the level writes nothing. Each movement is of kind
    `count` with a key made of reference, record and location: the same reference again leaves a level alone.
    Raises StockCountRefused with a sentence per SKU for negative counts, unknown locations, and counts below what is
    promised to paid orders.
    """
    locations = _find_locations({row.location_code for row in rows})
    _refuse({row.sku: said for row in rows if (said := _objection(row, locations))})
    wanted = {(row.stock_record_id, locations[row.location_code].pk): row for row in rows}
    try:
        lock_stock_records(pk for pk, _ in wanted)
    except UnknownStockRecord as gone:
        raise StockCountRefused({row.sku: str(gone) for row in rows if row.stock_record_id in gone.ids}) from gone
    done = _keys_used(_key(reference, *place) for place in wanted)
    levels = _levels_of(pk for pk, _ in wanted)
    changed = {
        place: row
        for place, row in wanted.items()
        if _key(reference, *place) not in done and _on_hand(levels, place) != row.quantity
    }
    names = {location.pk: location.name for location in locations.values()}
    _refuse(
        {
            row.sku: f"{row.quantity} cannot be the count of {row.sku} at {names[place[1]]}: {levels[place].allocated}"
            " units are promised to paid orders. Dispatch or cancel those first, or count again."
            for place, row in changed.items()
            if place in levels and row.quantity < levels[place].allocated
        }
    )
    grown = {place[0] for place, row in changed.items() if row.quantity > _on_hand(levels, place)}
    sold_out = sold_out_among(grown) if grown else set()
    _write(changed, levels, reference=reference, actor_name=actor_name)
    announce_returns(sold_out)
    return len(changed)


def read_counts(stock_record_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Units on hand by location code, for each record that has a level anywhere. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = StockLevel.objects.filter(stock_record_id__in=list(stock_record_ids)).order_by("location__priority", "pk")
    for pk, code, on_hand in rows.values_list("stock_record_id", "location__code", "on_hand"):
        found.setdefault(pk, {})[code] = on_hand
    return found


def read_location_codes() -> list[str]:
    """The default location first."""
    return list(Location.objects.order_by("-is_active", "priority", "code").values_list("code", flat=True))


def _find_locations(codes: set[str]) -> dict[str, Location]:
    found = {location.code: location for location in Location.objects.filter(code__in=codes)}
    if "" in codes:
        found[""] = default_location()
    return found


def _objection(row: StockCount, locations: Mapping[str, Location]) -> str:
    if row.location_code not in locations:
        return str(UnknownLocation(row.location_code))
    if not 0 <= row.quantity <= LARGEST_COUNT:
        return f"{row.quantity} cannot be a count: give a whole number from 0 to {LARGEST_COUNT:,}."
    return ""


def _refuse(reasons: Mapping[str, str]) -> None:
    if reasons:
        raise StockCountRefused(reasons)


def _key(reference: str, stock_record_id: int, location_id: int) -> str:
    return f"{reference}:{stock_record_id}:{location_id}"


def _keys_used(keys: Iterable[str]) -> set[str]:
    used = StockMovement.objects.filter(idempotency_key__in=list(keys))
    return set(used.values_list("idempotency_key", flat=True))


def _levels_of(stock_record_ids: Iterable[int]) -> dict[tuple[int, int], StockLevel]:
    levels = StockLevel.objects.filter(stock_record_id__in=set(stock_record_ids))
    return {(level.stock_record_id, level.location_id): level for level in levels}


def _on_hand(levels: Mapping[tuple[int, int], StockLevel], place: tuple[int, int]) -> int:
    """A level that does not exist yet has nothing on hand."""
    return levels[place].on_hand if place in levels else 0


def _write(
    changed: Mapping[tuple[int, int], StockCount],
    levels: Mapping[tuple[int, int], StockLevel],
    *,
    reference: str,
    actor_name: str,
) -> None:
    if not changed:
        return
    places = sorted(changed)
    quantities = [changed[place].quantity for place in places]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inventory_stocklevel AS level (stock_record_id, location_id, on_hand, allocated, buffer)
            SELECT record, place, quantity, 0, 0
            FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS counted (record, place, quantity)
            ON CONFLICT (stock_record_id, location_id) DO UPDATE SET on_hand = excluded.on_hand
            """,
            [[record for record, _ in places], [location for _, location in places], quantities],
        )
    copy_rows(
        "inventory_stockmovement",
        _MOVEMENT,
        [
            (
                *place,
                StockMovement.Kind.COUNT.value,
                changed[place].quantity - _on_hand(levels, place),
                changed[place].quantity,
                changed[place].reason or "Count from a file",
                reference,
                actor_name,
                _key(reference, *place),
            )
            for place in places
        ],
    )
    carry_totals({record for record, _ in places})
