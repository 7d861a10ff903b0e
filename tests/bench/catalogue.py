"""A catalogue of any size, the same for the same seed: COPY for the tables, the shop's own function for the documents.

    python -m tests.bench 50000

Fills the database of the shop that the environment (or STATE_DIR) names. `products` counts listed products: seven in
ten stand alone, the others come in two to four variants. What it writes satisfies the doctor: stock in the ledger,
prices in the history, totals carried. Some products are sold out, some reduced, some reviewed, some bought often. There
are no pictures.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from multiprocessing import get_context
from typing import Any, Final

import django
from django.db import connection, transaction
from oscar.apps.catalogue.models import Category, ProductAttribute, ProductClass
from oscar.apps.partner.models import Partner

from inventory.locations import default_location
from tests.bench import words

CHUNK: Final = 5_000
CODES: Final = {
    "brand": ("Brand", "text"), "colour": ("Colour", "text"), "size": ("Size", "text"), "material": ("Material", "text"),
    "style": ("Style", "text"), "room": ("Room", "text"), "height": ("Height cm", "integer"),
    "dishwasher": ("Dishwasher safe", "boolean"),
}  # fmt: skip
COLUMNS: Final = {
    "catalogue_product": "id, structure, title, slug, description, date_created, date_updated, is_discountable,"
    " parent_id, product_class_id, is_public, priority",
    "catalogue_productcategory": "product_id, category_id",
    "catalog_variantaxis": "product_id, attribute_id, name, position",
    "catalogue_productattributevalue": "product_id, attribute_id, value_text, value_integer, value_boolean",
    "partner_stockrecord": "id, product_id, partner_id, partner_sku, price_currency, price, num_in_stock, num_allocated,"
    " date_created, date_updated",
    "catalog_pricedetail": "stock_record_id, compare_at_price, tax_class, weight_kg",
    "catalog_pricechange": "stock_record_id, sku, price, compare_at_price, currency, effective_at, actor_name, reason",
    "inventory_stocklevel": "stock_record_id, location_id, on_hand, allocated, buffer",
    "inventory_stockmovement": "stock_record_id, location_id, kind, quantity_delta, on_hand_after, reason, reference,"
    " actor_name, idempotency_key",
    "reviews_productreview": "product_id, score, title, body, name, email, homepage, status, total_votes, delta_votes,"
    " date_created",
}
_RATE = """
UPDATE catalogue_product SET rating = said.average
FROM (SELECT product_id, avg(score) AS average FROM reviews_productreview WHERE status = 1 GROUP BY product_id) said
WHERE catalogue_product.id = said.product_id AND catalogue_product.rating IS DISTINCT FROM said.average
"""
_CARRY_SEQUENCES = """
SELECT setval(pg_get_serial_sequence(name, 'id'), top) FROM (
    SELECT 'catalogue_product' AS name, max(id) AS top FROM catalogue_product
    UNION ALL SELECT 'partner_stockrecord', max(id) FROM partner_stockrecord) AS used WHERE top IS NOT NULL
"""


@dataclass(frozen=True)
class Ground:
    """What every product refers to."""

    product_class: int
    partner: int
    location: int
    attributes: dict[str, int]
    kinds: list[tuple[str, int]]
    """(kind of thing, its category), one for each sub-category."""
    weights: list[float]


@dataclass(frozen=True)
class Chunk:
    """Listed products to write: how many, by which dice, on which ground, from which ids on."""

    count: int
    seed: str
    ground: Ground
    number: int
    record: int


@dataclass
class Rows:
    """Lines for COPY, by table; popularity by product."""

    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    popularity: dict[int, int] = field(default_factory=dict)

    def add(self, table: str, *cells: Any) -> None:
        self.lines[table].append("\t".join("\\N" if cell is None else str(cell) for cell in cells))


def build_catalogue(
    *, products: int, seed: int = 1, say: Callable[[str], None] = lambda _: None, workers: int = 1
) -> list[int]:
    """Add that many listed products; returns their ids. A chunk has dice and a range of ids of its own; then ANALYZE.

    With several `workers` chunks are written side by side, by processes that read the same environment.
    """
    from catalog.search.popularity import set_popularity
    from catalog.search.tally import fold_tally

    began = time.perf_counter()
    ground = lay_ground()
    number, record = _next_ids()
    chunks = [
        Chunk(count, f"{seed} {place}", ground, number + place * CHUNK * 5, record + place * CHUNK * 4)
        for place, count in enumerate(_split(products, CHUNK))
    ]
    listed: list[int] = []
    popularity: dict[int, int] = {}
    # The first chunk makes the words and values that all share, so that the others do not wait for each other's.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        rest = map(fill_chunk, chunks) if workers == 1 else chain(map(fill_chunk, chunks[:1]), _spread(pool, chunks))
        for ids, sold in rest:
            listed += ids
            popularity |= sold
            say(f"{len(listed):>8} products after {time.perf_counter() - began:.0f} s")
    set_popularity(popularity)
    with connection.cursor() as cursor:
        cursor.execute(_CARRY_SEQUENCES)
        cursor.execute(_RATE)
        fold_tally()
        for table in (*COLUMNS, "catalogue_category", "catalog_facetvalue"):
            cursor.execute(f"ANALYZE {table}")
        for table in ("catalog_searchdocument", "catalog_listtally"):
            cursor.execute(f"{'' if connection.in_atomic_block else 'VACUUM '}ANALYZE {table}")
    return listed


def fill_chunk(chunk: Chunk) -> tuple[list[int], dict[int, int]]:
    """Writes a chunk and its documents; the ids of its products, and how well they sell."""
    from catalog.search.index import BATCH, refresh_documents

    rows, ids, _, _ = write_chunk(
        chunk.count, dice=random.Random(chunk.seed), ground=chunk.ground, number=chunk.number, record=chunk.record
    )
    with transaction.atomic():
        _copy(rows)
    for start in range(0, len(ids), BATCH):
        refresh_documents(ids[start : start + BATCH])
    return ids, rows.popularity


def _spread(pool: ProcessPoolExecutor, chunks: list[Chunk]) -> Iterator[tuple[list[int], dict[int, int]]]:
    for future in as_completed([pool.submit(fill_chunk, chunk) for chunk in chunks[1:]]):
        yield future.result()


def lay_ground() -> Ground:
    """Categories two levels deep, one product class with its attributes; what exists already is used."""
    product_class, _ = ProductClass.objects.get_or_create(
        name="Generated thing", defaults={"slug": "generated-thing", "track_stock": True, "requires_shipping": True}
    )
    attributes = {
        code: ProductAttribute.objects.get_or_create(
            product_class=product_class, code=code, defaults={"name": name, "type": kind, "required": False}
        )[0].pk
        for code, (name, kind) in CODES.items()
    }
    kinds, weights = [], []
    for department, (share, names) in words.DEPARTMENTS.items():
        root = _category(department, parent=None)
        for name in names:
            kinds.append((name, _category(name + "s", parent=root).pk))
            weights.append(share / len(names))
    partner, _ = Partner.objects.get_or_create(code="house", defaults={"name": "House"})
    return Ground(product_class.pk, partner.pk, default_location().pk, attributes, kinds, weights)


def write_chunk(
    count: int, *, dice: random.Random, ground: Ground, number: int, record: int
) -> tuple[Rows, list[int], int, int]:
    """Rows of `count` listed products from product id `number` and stock record id `record` on; the next free ids."""
    rows, listed = Rows(), []
    bounds = list(accumulate(ground.weights))
    today = datetime.now(UTC).replace(microsecond=0)
    for _ in range(count):
        kind, category = dice.choices(ground.kinds, cum_weights=bounds)[0]
        product, number = number, number + 1
        listed.append(product)
        series = (dice.choice(words.STARTS) + dice.choice(words.MIDDLES) + dice.choice(words.ENDS)).capitalize()
        title = f"{series} {dice.choice(words.FINISHES)} {kind.lower()}"
        made = today - timedelta(minutes=dice.randrange(60 * 24 * 700))
        description = ". ".join(phrase.capitalize() for phrase in dice.sample(words.PHRASES, dice.randint(2, 6))) + "."
        is_parent = dice.random() < 0.3
        rows.add(
            "catalogue_product", product, "parent" if is_parent else "standalone", title,
            f"{title.lower().replace(' ', '-')}-{product}", description, made, made, "t", None, ground.product_class, "t", 0,
        )  # fmt: skip
        rows.add("catalogue_productcategory", product, category)
        _give_values(rows, product, dice=dice, ground=ground)
        if dice.random() < 0.4:
            rows.popularity[product] = int(dice.paretovariate(1.2))
        for _ in range(dice.randint(1, 4) if dice.random() < 0.08 else 0):
            rows.add(
                "reviews_productreview", product, dice.choice((5, 5, 4, 4, 3, 2)), "As described", "Does what it should.",
                "A buyer", "", "", 1, 0, 0, today - timedelta(days=dice.randrange(300)),
            )  # fmt: skip
        cents = dice.randrange(300, 30000, 5)
        if is_parent:
            for position, code in enumerate(("colour", "size")):
                rows.add("catalog_variantaxis", product, ground.attributes[code], code.capitalize(), position)
            pairs = [(colour, size) for colour in words.COLOURS for size in words.SIZES]
            for colour, size in dice.sample(pairs, dice.randint(2, 4)):
                rows.add(
                    "catalogue_product", number, "child", f"{title} {colour} {size}", f"{product}-{number}", "", made,
                    made, "t", product, None, "t", 0,
                )  # fmt: skip
                rows.add("catalogue_productattributevalue", number, ground.attributes["colour"], colour, None, None)
                rows.add("catalogue_productattributevalue", number, ground.attributes["size"], size, None, None)
                _offer(rows, number, record, cents + 500 * words.SIZES.index(size), made, dice=dice, ground=ground)
                number, record = number + 1, record + 1
        else:
            colour = ground.attributes["colour"]
            rows.add("catalogue_productattributevalue", product, colour, dice.choice(words.COLOURS), None, None)
            _offer(rows, product, record, cents, made, dice=dice, ground=ground)
            record += 1
    return rows, listed, number, record


def _give_values(rows: Rows, product: int, *, dice: random.Random, ground: Ground) -> None:
    texts = {
        "brand": dice.choice(words.MAKERS),
        "material": "|".join(dice.sample(words.MATERIALS, dice.choice((1, 1, 2)))),
        "style": dice.choice(words.STYLES),
        "room": "|".join(dice.sample(words.ROOMS, dice.choice((1, 2, 3)))),
    }
    table = "catalogue_productattributevalue"
    for code, text in texts.items():
        rows.add(table, product, ground.attributes[code], text, None, None)
    rows.add(table, product, ground.attributes["height"], None, dice.randrange(5, 200, 5), None)
    if dice.random() < 0.5:
        rows.add(table, product, ground.attributes["dishwasher"], None, None, dice.choice("tf"))


def _offer(
    rows: Rows, product: int, record: int, cents: int, made: datetime, *, dice: random.Random, ground: Ground
) -> None:
    """One stock record with its price, history, units and the receipt that brought them."""
    shown, sku = _write_money(cents), f"GEN-{record:08d}"
    former = _write_money(cents + cents // 4) if dice.random() < 0.15 else None
    units = 0 if dice.random() < 0.1 else dice.choice((1, 2, 3, 8, 20, 60))
    rows.add("partner_stockrecord", record, product, ground.partner, sku, "EUR", shown, units, 0, made, made)
    rows.add("catalog_pricedetail", record, former, "standard", f"{dice.randint(1, 60) / 10:.3f}")
    rows.add("catalog_pricechange", record, sku, shown, former, "EUR", made, "generator", "first price")
    rows.add("inventory_stocklevel", record, ground.location, units, 0, 0)
    if units:
        rows.add(
            "inventory_stockmovement", record, ground.location, "receipt", units, units, "", "", "generator",
            f"generated:{record}",
        )  # fmt: skip


def _write_money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _copy(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write("".join(line + "\n" for line in rows.lines[table]))


def _category(name: str, *, parent: Category | None) -> Category:
    siblings = parent.get_children() if parent else Category.get_root_nodes()
    found = siblings.filter(name=name).first()
    if found is None:
        fields = {"name": name, "slug": name.lower().replace(" ", "-"), "ancestors_are_public": True}
        found = parent.add_child(**fields) if parent else Category.add_root(**fields)
    return Category.objects.get(pk=found.pk)


def _next_ids() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT COALESCE(max(id), 0) FROM catalogue_product) + 1,"
            " (SELECT COALESCE(max(id), 0) FROM partner_stockrecord) + 1"
        )
        product, record = cursor.fetchone()
    return product, record


def _split(count: int, size: int) -> Iterator[int]:
    while count > 0:
        yield min(count, size)
        count -= size
