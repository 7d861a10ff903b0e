"""Two years of stock for any number of SKUs, the same for the same seed: opening counts, purchases with cost, dispatches,
returns, losses, transfers. Written with COPY; the ledger is true (nothing negative, each row continues the one before).
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from catalog.importing.bulk import copy_rows

DAYS: Final = 730
_PRODUCTS: Final = """
WITH class AS (
    INSERT INTO catalogue_productclass (name, slug, requires_shipping, track_stock) VALUES ('Thing', 'thing', true, true)
    RETURNING id
), house AS (INSERT INTO partner_partner (code, name) VALUES ('house', 'House') RETURNING id
), made AS (
    INSERT INTO catalogue_product (structure, title, slug, description, date_created, date_updated, is_discountable,
        product_class_id, is_public, priority)
    SELECT 'standalone', 'Thing ' || n, 'thing-' || n, '', now(), now(), true, class.id, true, 0
    FROM generate_series(1, %s) AS n, class RETURNING id
)
INSERT INTO partner_stockrecord (product_id, partner_id, partner_sku, price_currency, price, date_created, date_updated)
SELECT made.id, house.id, 'SKU-' || made.id, 'EUR', 10, now(), now() FROM made, house RETURNING id
"""
MOVEMENT: Final = (
    "id", "stock_record_id", "location_id", "kind", "quantity_delta", "on_hand_after", "reason", "reference", "actor_name",
    "idempotency_key", "created_at",
)  # fmt: skip
LAYER: Final = ("movement_id", "stock_record_id", "quantity", "amount", "source")


def build_past(*, skus: int, movements: int, until: datetime, seed: int = 1) -> int:
    """Fill the database; answers the number of movements. `movements` is how many each SKU has, roughly."""
    dice = random.Random(seed)
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [skus])
        records = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO inventory_location (code, name, priority, is_active, is_pickup_point, line1, postcode, city,"
            " country) VALUES ('main', 'Main', 1, true, false, '', '', '', 'DE'),"
            " ('east', 'East', 2, true, false, '', '', '', 'DE') RETURNING id"
        )
        places = [row[0] for row in cursor.fetchall()]
    rows: list[tuple[Any, ...]] = []
    layers: list[tuple[Any, ...]] = []
    levels: list[tuple[int, int, int, int, int]] = []
    for record in records:
        on_hand = dict.fromkeys(places, 0)
        for number, (kind, place, delta, at) in enumerate(_live(dice, on_hand, places, movements, until)):
            pk = len(rows) + 1
            rows.append((pk, record, place, kind, delta, on_hand[place], "", "", "bench", f"{record}:{number}", at))
            if delta > 0 and kind != "transfer in" and dice.random() < 0.97:
                layers.append((pk, record, delta, Decimal(dice.randrange(1, 9_999)) * delta / 100, "purchase"))
        levels += [(record, place, units, 0, 0) for place, units in on_hand.items()]
    copy_rows("inventory_stockmovement", MOVEMENT, rows)
    copy_rows("inventory_costlayer", LAYER, layers)
    copy_rows("inventory_stocklevel", ("stock_record_id", "location_id", "on_hand", "allocated", "buffer"), levels)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE partner_stockrecord SET num_allocated = 0, num_in_stock = (SELECT sum(on_hand)"
            " FROM inventory_stocklevel WHERE stock_record_id = partner_stockrecord.id)"
        )
        for table in ("inventory_stockmovement", "inventory_costlayer", "inventory_stocklevel", "partner_stockrecord"):
            cursor.execute(f"ANALYZE {table}")
    return len(rows)


def _live(
    dice: random.Random, on_hand: dict[int, int], places: list[int], movements: int, until: datetime
) -> Iterator[tuple[str, int, int, datetime]]:
    """`on_hand` is kept while the rows are read one by one."""
    at = until - timedelta(days=DAYS)
    step = DAYS * 86_400 / (movements + 1)
    for number in range(movements):
        at += timedelta(seconds=dice.uniform(0.2, 1.6) * step)
        place = places[0] if number == 0 else dice.choice(places)
        free = on_hand[place]
        kind = "count" if number == 0 else dice.choices(KINDS, weights=WEIGHTS)[0]
        if kind in ("dispatch", "write-off", "transfer out") and not free:
            kind = "receipt"
        units = dice.randint(1, free) if kind in ("dispatch", "write-off", "transfer out") else dice.randint(1, 40)
        delta = -units if kind in ("dispatch", "write-off", "transfer out") else units
        on_hand[place] += delta
        yield kind, place, delta, at.astimezone(UTC)
        if kind == "transfer out" and dice.random() < 0.98:
            other = places[1] if place == places[0] else places[0]
            at += timedelta(hours=dice.randint(1, 60))
            on_hand[other] += units
            yield "transfer in", other, units, at.astimezone(UTC)


KINDS: Final = ("dispatch", "receipt", "return", "write-off", "transfer out", "count")
WEIGHTS: Final = (60, 14, 6, 4, 10, 6)
