"""Write stock levels and the totals that Oscar's stock record shows. Callers hold the stock records' lock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from inventory.models import Location, StockLevel


@dataclass(frozen=True, slots=True)
class LevelChange:
    """Units to add to a level; negative takes away."""

    on_hand: int = 0
    allocated: int = 0


def change_levels(changes: Mapping[int, LevelChange]) -> None:
    """Apply changes by level id and carry the totals, in two statements. The table's constraints refuse nonsense."""
    if not changes:
        return
    ids = sorted(changes)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inventory_stocklevel AS level
            SET on_hand = level.on_hand + change.on_hand, allocated = level.allocated + change.allocated
            FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS change (id, on_hand, allocated)
            WHERE level.id = change.id
            RETURNING level.stock_record_id
            """,
            [ids, [changes[pk].on_hand for pk in ids], [changes[pk].allocated for pk in ids]],
        )
        touched = {row[0] for row in cursor.fetchall()}
    carry_totals(touched)


def carry_totals(stock_record_ids: Iterable[int]) -> int:
    """Set `num_in_stock` and `num_allocated` to the sums over the levels; answers how many records differed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE partner_stockrecord AS record
            SET num_in_stock = total.on_hand, num_allocated = total.allocated, date_updated = statement_timestamp()
            FROM (
                SELECT asked.id, coalesce(sum(on_hand), 0) AS on_hand, coalesce(sum(allocated), 0) AS allocated
                FROM unnest(%s::bigint[]) AS asked (id)
                LEFT JOIN inventory_stocklevel AS level ON level.stock_record_id = asked.id GROUP BY asked.id
            ) AS total
            WHERE record.id = total.id
              AND (record.num_in_stock, record.num_allocated) IS DISTINCT FROM (total.on_hand, total.allocated)
            """,
            [list(stock_record_ids)],
        )
        return int(cursor.rowcount)


def open_level(*, stock_record_id: int, location: Location) -> StockLevel:
    """The level of a record at a location as it is now, made on first use."""
    level, _ = StockLevel.objects.get_or_create(stock_record_id=stock_record_id, location=location)
    return level
