"""Everything that can be bought, one item each, read in batches: a shop of any size is never held in memory.

Price and availability come from the functions that the product page asks.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.db import connection

from catalog.logistics import Parcel, parcel_sql, read_parcel
from catalog.media.sources import build_sources
from catalog.pricing.current import Price, prices_for
from catalog.publication.openness import OPEN_DOCUMENT, published_sql
from catalog.safety.blocks import SafetyBlock, blocks_sql, read_blocks
from inventory.promises import PRE_ORDER, Wait, stock_for
from shop.storefront.description import plain_words
from shop.storefront.picker import BY_NAME
from shop.storefront.product_data import find_gtin
from shop.storefront.structured_data import full_url

BATCH: Final = 1_000
MOST_PICTURES: Final = 10

_LISTED: Final = f"""
SELECT document.product_id FROM catalog_searchdocument document
JOIN catalogue_product product ON product.id = document.product_id
WHERE document.product_id > %s AND {OPEN_DOCUMENT} AND {published_sql("product")} ORDER BY document.product_id LIMIT %s
"""
# The stock record of a variant is its first, as `catalog.variant_choice` has it.
_ITEMS: Final = f"""
SELECT document.product_id, sellable.id, document.title, sellable.title, document.slug, document.brand,
    product.description, COALESCE(NULLIF(sellable.upc, ''), CASE WHEN sellable.id = product.id THEN product.upc END),
    record.id, record.partner_sku, document.rating, document.rating_count, document.category_ids,
    (SELECT jsonb_object_agg(attribute.code, jsonb_build_array(axis.name, COALESCE(value.value_text, option.option,
            value.value_integer::text, value.value_float::text,
            CASE value.value_boolean WHEN true THEN 'Yes' WHEN false THEN 'No' END, '')))
     FROM catalog_variantaxis axis JOIN catalogue_productattribute attribute ON attribute.id = axis.attribute_id
     LEFT JOIN catalogue_productattributevalue value
        ON value.product_id = sellable.id AND value.attribute_id = attribute.id
     LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
     WHERE axis.product_id = product.id AND sellable.id <> product.id),
    (SELECT jsonb_agg(jsonb_build_object('digest', file.digest, 'width', file.width, 'height', file.height,
            'widths', file.widths, 'alt', '')
            ORDER BY placed.product_id <> sellable.id, placed.position, placed.id)
     FROM catalog_productmedia placed JOIN catalog_mediafile file ON file.id = placed.file_id
     WHERE placed.product_id IN (sellable.id, product.id)),
    {blocks_sql(product_id="product.id", record_id="record.id")}, {parcel_sql(product_id="sellable.id")}
FROM catalog_searchdocument document
JOIN catalogue_product product ON product.id = document.product_id
JOIN LATERAL (
    SELECT own.id, own.title, own.upc FROM catalogue_product own
    WHERE own.id = product.id AND product.structure = 'standalone'
    UNION ALL
    SELECT child.id, child.title, child.upc FROM catalogue_product child WHERE child.parent_id = product.id AND child.is_public
) sellable ON true
LEFT JOIN LATERAL (SELECT id, partner_sku FROM partner_stockrecord WHERE product_id = sellable.id ORDER BY id LIMIT 1)
    record ON true
WHERE document.product_id = ANY(%s) ORDER BY document.product_id, sellable.id
"""
# The deepest category of an item names it: its own name after those of its ancestors.
_CATEGORIES: Final = """
SELECT category.id, category.depth, (SELECT jsonb_agg(above.name ORDER BY step)
    FROM generate_series(4, length(category.path), 4) AS step
    JOIN catalogue_category above ON above.path = left(category.path, step))
FROM catalogue_category category WHERE category.is_public AND category.ancestors_are_public
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """`units` None: unlimited. `wait`: none is there, it is sold ahead. `options` are (name, value) of what sets a variant apart. `category` from the top down."""

    product_id: int
    group_id: str
    sku: str
    title: str
    description: str
    url: str
    brand: str
    gtin: str | None
    pictures: Sequence[str]
    price: Price | None
    units: int | None
    wait: Wait | None
    rating: Decimal | None
    rating_count: int
    category: Sequence[str] = ()
    options: Sequence[tuple[str, str]] = field(default_factory=tuple)
    safety: Sequence[SafetyBlock] = ()
    parcel: Parcel = Parcel()

    @property
    def is_available(self) -> bool:
        return self.price is not None and self.units != 0

    @property
    def availability(self) -> str:
        """`in_stock`, `out_of_stock`, or, for what is sold ahead, `preorder` or `backorder`."""
        if not self.is_available:
            return "out_of_stock"
        if self.wait is None:
            return "in_stock"
        return "preorder" if self.wait.kind == PRE_ORDER else "backorder"

    @property
    def available_on(self) -> date | None:
        """The promised day of what is sold ahead."""
        return self.wait.on if self.is_available and self.wait is not None else None


def stream_items() -> Iterator[FeedItem]:
    """In the order of products; five queries for each BATCH of them, and one for the categories."""
    categories = _read_categories()
    last = 0
    while True:
        ids = [row[0] for row in _ask(_LISTED, last, BATCH)]
        if not ids:
            return
        yield from _read_batch(ids, categories)
        last = ids[-1]


def _read_batch(ids: Sequence[int], categories: Mapping[int, tuple[int, list[str]]]) -> Iterator[FeedItem]:
    rows = _ask(_ITEMS, list(ids))
    records = [row[8] for row in rows if row[8] is not None]
    prices, stock = prices_for(records), stock_for(records)
    siblings: dict[int, int] = {}
    for row in rows:
        siblings[row[0]] = siblings.get(row[0], 0) + 1
    for row in rows:
        (product_id, own_id, title, own_title, slug, brand, description, upc, record_id, sku, rating, count, places,
         options, pictures, safety, parcel) = row  # fmt: skip
        chosen = json.loads(options) if options else {}
        known = [categories[one] for one in places if one in categories]
        yield FeedItem(
            product_id=own_id,
            group_id=slug if own_id != product_id else "",
            sku=sku or "",
            title=_full_title(title, own_title, chosen, is_variant=own_id != product_id),
            description=plain_words(description),
            url=full_url(f"/p/{slug}/") + _choice(own_id, chosen, is_alone=siblings[product_id] == 1),
            brand=brand,
            gtin=find_gtin(upc),
            pictures=[full_url(build_sources(one).src) for one in json.loads(pictures or "[]")[:MOST_PICTURES]],
            price=prices.get(record_id),
            units=stock.get(record_id, 0) if record_id is not None else 0,
            wait=stock.wait_for(record_id) if record_id is not None else None,
            rating=rating,
            rating_count=count,
            category=max(known, key=lambda one: one[0])[1] if known else (),
            options=[(name, value) for name, value in chosen.values() if value],
            safety=read_blocks(json.loads(safety) if safety else None),
            parcel=read_parcel(json.loads(parcel)),
        )


def _full_title(title: str, own_title: str, chosen: Mapping[str, list[str]], *, is_variant: bool) -> str:
    """A variant is told apart by its values; one without any by its own title."""
    if not is_variant:
        return title
    values = [value for _, value in chosen.values() if value]
    return f"{title}, {', '.join(values)}" if values else own_title or title


def _choice(own_id: int, chosen: Mapping[str, list[str]], *, is_alone: bool) -> str:
    """The part of the address that chooses the variant on the product page."""
    if chosen:
        return f"?{urlencode({code: value for code, (_, value) in chosen.items() if value})}"
    return "" if is_alone else f"?{urlencode({BY_NAME: own_id})}"


def _read_categories() -> dict[int, tuple[int, list[str]]]:
    return {pk: (depth, json.loads(names)) for pk, depth, names in _ask(_CATEGORIES)}


def _ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
