"""Set many counts at once, for files; read them back, for exports and differences. Serves `catalog.importing.ports`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection, transaction

from catalog.importing.bulk import copy_rows
from catalog.importing.ports import FirstCount, StockCount, StockCountRefused
from catalog.kits.records import Kit
from inventory.backorders import fill_backorders
from inventory.comeback import announce_returns, sold_out_among
from inventory.costs.layers import post_layers
from inventory.levels import carry_totals
from inventory.locations import UnknownLocation, default_location
from inventory.locking import UnknownStockRecord, hold_stock_records
from inventory.models import Location, StockLevel, StockMovement

MOVEMENT = (
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
LEVELS = """
SELECT level.stock_record_id, location.code AS location_code, level.on_hand
FROM inventory_stocklevel level JOIN inventory_location location ON location.id = level.location_id
"""
_LEVELS = """
SELECT place.record, place.location, coalesce(level.on_hand, 0), coalesce(level.allocated, 0), level.id IS NOT NULL,
       EXISTS (SELECT 1 FROM inventory_stockmovement earlier
               WHERE earlier.idempotency_key = %s || ':' || place.record || ':' || place.location)
FROM unnest(%s::bigint[], %s::bigint[]) AS place (record, location)
LEFT JOIN inventory_stocklevel level ON level.stock_record_id = place.record AND level.location_id = place.location
"""
_SET_LEVELS = """
UPDATE inventory_stocklevel level SET on_hand = counted.quantity
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS counted (record, location, quantity)
WHERE level.stock_record_id = counted.record AND level.location_id = counted.location
"""
_OF_A_KIT = "This SKU is a kit: it has no units of its own. Count its parts, and leave its count empty."
LARGEST_COUNT = 2_000_000_000
UNSAID = "Count from a file"


Place = tuple[int, int]
"""A stock record at a location."""


class _Level(NamedTuple):
    """`is_counted` says that this reference has written its count already."""

    on_hand: int
    allocated: int
    exists: bool
    is_counted: bool


@transaction.atomic
def write_counts(rows: Sequence[StockCount], *, reference: str, actor_name: str) -> int:
    """Set units on hand, all rows or none; answers how many levels changed. A level named twice gets its last row.

    One lock for the batch; constant queries. A row that agrees with the level writes nothing. Each movement is of kind
    `count` with a key made of reference, record and location: the same reference again leaves a level alone.
    Raises StockCountRefused with a sentence per SKU for negative counts, unknown locations, and counts below what is
    promised to paid orders.
    """
    locations = find_locations({row.location_code for row in rows})
    _refuse({row.sku: said for row in rows if (said := object_to_count(row, locations))})
    wanted = {(row.stock_record_id, locations[row.location_code].pk): row for row in rows}
    try:
        hold_stock_records(pk for pk, _ in wanted)
    except UnknownStockRecord as gone:
        raise StockCountRefused({row.sku: str(gone) for row in rows if row.stock_record_id in gone.ids}) from gone
    kits = set(Kit.objects.filter(pk__in={pk for pk, _ in wanted}).values_list("pk", flat=True))
    _refuse({row.sku: _OF_A_KIT for (pk, _), row in wanted.items() if pk in kits and row.quantity})
    wanted = {place: row for place, row in wanted.items() if place[0] not in kits}
    levels = _read_levels(wanted, reference=reference)
    changed = {
        place: row
        for place, row in wanted.items()
        if not levels[place].is_counted and levels[place].on_hand != row.quantity
    }
    names = {location.pk: location.name for location in locations.values()}
    _refuse(
        {
            row.sku: f"{row.quantity} cannot be the count of {row.sku} at {names[place[1]]}: {levels[place].allocated}"
            " units are promised to paid orders. Dispatch or cancel those first, or count again."
            for place, row in changed.items()
            if row.quantity < levels[place].allocated
        }
    )
    grown = {place[0] for place, row in changed.items() if row.quantity > levels[place].on_hand}
    sold_out = sold_out_among(grown) if grown else set()
    _write(changed, levels, reference=reference, actor_name=actor_name)
    fill_backorders(grown)
    announce_returns(sold_out)
    return len(changed)


def read_counts(stock_record_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Units on hand by location code, for each record that has a level anywhere. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = StockLevel.objects.filter(stock_record_id__in=list(stock_record_ids)).order_by("location__priority", "pk")
    for pk, code, on_hand in rows.values_list("stock_record_id", "location__code", "on_hand"):
        found.setdefault(pk, {})[code] = on_hand
    return found


def read_locations() -> dict[str, int]:
    """Ids by code, the default location first."""
    return dict(Location.objects.order_by("-is_active", "priority", "code").values_list("code", "pk"))


def find_locations(codes: Collection[str]) -> dict[str, Location]:
    """By code, as far as there are any; an empty code stands for the default location."""
    found = {location.code: location for location in Location.objects.filter(code__in=codes)}
    if "" in codes:
        found[""] = default_location()
    return found


def object_to_count(row: StockCount | FirstCount, locations: Collection[str]) -> str:
    """Why the count cannot be written, as a sentence; empty when nothing speaks against it."""
    if row.location_code not in locations:
        return str(UnknownLocation(row.location_code))
    if not 0 <= row.quantity <= LARGEST_COUNT:
        return f"{row.quantity} cannot be a count: give a whole number from 0 to {LARGEST_COUNT:,}."
    return ""


def _refuse(reasons: Mapping[str, str]) -> None:
    if reasons:
        raise StockCountRefused(reasons)


def name_count(reference: str, stock_record_id: int, location_id: int) -> str:
    """The key of the movement that a file's count of a level makes, once."""
    return f"{reference}:{stock_record_id}:{location_id}"


def _read_levels(places: Iterable[Place], *, reference: str) -> dict[Place, _Level]:
    """A level that does not exist yet has nothing on hand. One query."""
    places = list(places)
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, (reference, [record for record, _ in places], [location for _, location in places]))
        return {(row[0], row[1]): _Level(*row[2:]) for row in cursor.fetchall()}


def _write(
    changed: Mapping[Place, StockCount], levels: Mapping[Place, _Level], *, reference: str, actor_name: str
) -> None:
    if not changed:
        return
    places = sorted(changed)
    copy_rows(
        "inventory_stocklevel",
        ("stock_record_id", "location_id", "on_hand", "allocated", "buffer"),
        ((*place, changed[place].quantity, 0, 0) for place in places if not levels[place].exists),
    )
    held = [place for place in places if levels[place].exists]
    if held:
        with connection.cursor() as cursor:
            cursor.execute(
                _SET_LEVELS,
                (
                    [record for record, _ in held],
                    [location for _, location in held],
                    [changed[place].quantity for place in held],
                ),
            )
    copy_rows(
        "inventory_stockmovement",
        MOVEMENT,
        (
            (
                *place,
                StockMovement.Kind.COUNT.value,
                changed[place].quantity - levels[place].on_hand,
                changed[place].quantity,
                changed[place].reason or UNSAID,
                reference,
                actor_name,
                name_count(reference, *place),
            )
            for place in places
        ),
    )
    post_layers([name_count(reference, *place) for place in places if changed[place].quantity > levels[place].on_hand])
    carry_totals({record for record, _ in places})
