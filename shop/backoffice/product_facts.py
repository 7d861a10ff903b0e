"""Picture, price and stock of listed products, for the list: two questions for any number of rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from catalog.media.sources import build_sources
from shop.money import format_money

_FACTS = """
SELECT listed.id, count(child.id), min(record.price), max(record.price), min(record.price_currency),
       coalesce(sum(record.num_in_stock), 0)
FROM catalogue_product listed
LEFT JOIN catalogue_product child ON child.parent_id = listed.id
LEFT JOIN partner_stockrecord record ON record.product_id = coalesce(child.id, listed.id)
WHERE listed.id = ANY(%s) GROUP BY listed.id
"""
_PICTURES = """
SELECT DISTINCT ON (placed.listed_id) placed.listed_id, file.digest, file.width, file.height, file.widths::text
FROM (
    SELECT coalesce(product.parent_id, product.id) AS listed_id, product.parent_id IS NOT NULL AS is_child, media.*
    FROM catalog_productmedia media JOIN catalogue_product product ON product.id = media.product_id
    WHERE product.id = ANY(%s) OR product.parent_id = ANY(%s)
) placed JOIN catalog_mediafile file ON file.id = placed.file_id
ORDER BY placed.listed_id, placed.is_child, placed.position, placed.id
"""


@dataclass(frozen=True, slots=True)
class Facts:
    variants: int = 0
    price: str = ""
    units: int = 0
    picture: str = ""


def facts_of(product_ids: Sequence[int]) -> dict[int, Facts]:
    ids = list(product_ids)
    with connection.cursor() as cursor:
        cursor.execute(_PICTURES, (ids, ids))
        pictures = {
            pk: _smallest(digest, width, height, widths) for pk, digest, width, height, widths in cursor.fetchall()
        }
        cursor.execute(_FACTS, (ids,))
        return {
            pk: Facts(variants, _price(low, high, currency), units, pictures.get(pk, ""))
            for pk, variants, low, high, currency, units in cursor.fetchall()
        }


def _price(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    if low is None:
        return "no price"
    return format_money(low, currency) if low == high else f"from {format_money(low, currency)}"


def _smallest(digest: str, width: int, height: int, widths: str) -> str:
    facts = {"digest": digest, "width": width, "height": height, "widths": json.loads(widths), "alt": ""}
    return build_sources(facts).webp.split(" ", 1)[0]
