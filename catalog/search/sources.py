"""What a batch of listed products looks like in the database: a fixed number of bulk reads."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from catalog.attributes.reading import normal_measure
from catalog.publication.openness import listed_sql


@dataclass(slots=True)
class Offered:
    """One stock record of the product or of a child."""

    product_id: int
    stock_record_id: int
    sku: str
    price: Decimal | None
    currency: str
    compare_at: Decimal | None


@dataclass(slots=True)
class Source:
    """Everything that one search document is made of; children folded into their parent."""

    product_id: int
    title: str
    slug: str
    description: str
    published_at: datetime
    publish_from: datetime | None = None
    publish_to: datetime | None = None
    codes: list[str] = field(default_factory=list)
    child_titles: list[str] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    category_ids: list[int] = field(default_factory=list)
    category_names: list[str] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    axes: list[str] = field(default_factory=list)
    rating: Decimal | None = None
    rating_count: int = 0


_PARENTS = """
SELECT DISTINCT COALESCE(parent_id, id) FROM catalogue_product WHERE id = ANY(%s)
UNION SELECT product_id FROM catalog_searchdocument WHERE product_id = ANY(%s)
"""
# A product on its own, or a parent with at least one public child. What opens later is new then.
_LISTED = f"""
SELECT product.id, product.title, product.slug, product.description,
       GREATEST(product.date_created, shown.publish_from), shown.publish_from, shown.publish_to, product.upc
FROM catalogue_product product LEFT JOIN catalog_publication shown ON shown.product_id = product.id
WHERE product.id = ANY(%s) AND {listed_sql("product")} AND (
    product.structure = 'standalone' OR product.structure = 'parent' AND EXISTS (
        SELECT 1 FROM catalogue_product child WHERE child.parent_id = product.id AND child.is_public))
ORDER BY product.id
"""
_SELLABLE = """
SELECT product.id, product.parent_id, product.title, product.upc, record.id, record.partner_sku, record.price,
       record.price_currency, detail.compare_at_price
FROM catalogue_product product
LEFT JOIN partner_stockrecord record ON record.product_id = product.id
LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
WHERE product.id = ANY(%s) AND product.structure = 'standalone' OR product.parent_id = ANY(%s) AND product.is_public
ORDER BY product.id, record.id
"""
_ATTRIBUTES = """
SELECT COALESCE(product.parent_id, product.id), attribute.code, COALESCE(rule.kind, attribute.type), rule.unit,
       value.value_text, value.value_integer,
       value.value_boolean, value.value_float, option.option,
       CASE attribute.type WHEN 'multi_option' THEN (
        SELECT string_agg(chosen.option, '|' ORDER BY chosen.id)
        FROM catalogue_productattributevalue_value_multi_option link
        JOIN catalogue_attributeoption chosen ON chosen.id = link.attributeoption_id
        WHERE link.productattributevalue_id = value.id) END
FROM catalogue_product product
JOIN catalogue_productattributevalue value ON value.product_id = product.id
JOIN catalogue_productattribute attribute ON attribute.id = value.attribute_id
LEFT JOIN catalog_attributerule rule ON rule.attribute_id = attribute.id
LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
WHERE product.id = ANY(%s) OR (product.parent_id = ANY(%s) AND product.is_public)
ORDER BY product.id, attribute.id
"""
# A treebeard path is made of steps of four characters; each prefix is an ancestor's path.
_CATEGORIES = """
SELECT DISTINCT link.product_id, ancestor.id, ancestor.name
FROM catalogue_productcategory link
JOIN catalogue_category category ON category.id = link.category_id
CROSS JOIN LATERAL generate_series(4, length(category.path), 4) AS step
JOIN catalogue_category ancestor ON ancestor.path = left(category.path, step)
WHERE link.product_id = ANY(%s) ORDER BY 1, 2
"""
_PICTURES = """
SELECT COALESCE(product.parent_id, product.id), file.digest, file.width, file.height, file.widths, placed.alt
FROM catalogue_product product
JOIN catalog_productmedia placed ON placed.product_id = product.id
JOIN catalog_mediafile file ON file.id = placed.file_id
WHERE product.id = ANY(%s) OR (product.parent_id = ANY(%s) AND product.is_public)
ORDER BY 1, product.parent_id IS NOT NULL, product.id, placed.position, placed.id
"""
_RATINGS = """
SELECT product_id, round(avg(score), 2), count(*) FROM reviews_productreview
WHERE product_id = ANY(%s) AND status = 1 GROUP BY product_id
"""
_AXES = """
SELECT axis.product_id, attribute.code FROM catalog_variantaxis axis
JOIN catalogue_productattribute attribute ON attribute.id = axis.attribute_id
WHERE axis.product_id = ANY(%s) ORDER BY axis.product_id, axis.position, axis.id
"""


def list_parents(product_ids: Iterable[int]) -> list[int]:
    """Children stand for their parents; ids that are gone but still have a document are kept. Ascending."""
    ids = list(product_ids)
    return sorted(row[0] for row in _ask(_PARENTS, ids, ids))


def read_sources(parent_ids: Sequence[int]) -> dict[int, Source]:
    """Listed products among these, by id: seven queries for any number."""
    ids = list(parent_ids)
    sources: dict[int, Source] = {}
    for product_id, title, slug, description, created, begins, ends, upc in _ask(_LISTED, ids):
        sources[product_id] = Source(
            product_id, title, slug, description, created, begins, ends, codes=[upc] if upc else []
        )
    listed = list(sources)
    for product_id, parent_id, title, upc, record_id, sku, price, currency, compare_at in _ask(
        _SELLABLE, listed, listed
    ):
        source = sources[parent_id or product_id]
        if parent_id is not None:
            source.child_titles.append(title)
            source.codes.extend([upc] if upc else [])
        if record_id is not None:
            source.codes.append(sku)
            source.offered.append(Offered(product_id, record_id, sku, price, currency, compare_at))
    for product_id, code, kind, unit, *values in _ask(_ATTRIBUTES, listed, listed):
        for text in list_value_texts(kind, values, unit=unit or ""):
            sources[product_id].attributes.append((code, kind, text))
    for product_id, category_id, name in _ask(_CATEGORIES, listed):
        sources[product_id].category_ids.append(category_id)
        sources[product_id].category_names.append(name)
    for product_id, digest, width, height, widths, alt in _ask(_PICTURES, listed, listed):
        facts = {"digest": digest, "width": width, "height": height, "widths": json.loads(widths), "alt": alt}
        sources[product_id].pictures.append(facts)
    for product_id, rating, count in _ask(_RATINGS, listed):
        sources[product_id].rating, sources[product_id].rating_count = rating, count
    for product_id, code in _ask(_AXES, listed):
        sources[product_id].axes.append(code)
    return sources


def list_value_texts(kind: str, values: Sequence[Any], *, unit: str) -> list[str]:
    """The words of one attribute value (text, integer, boolean, float, option, options). Text holds several values apart
    with `|`; files and entities have none.

    Measurements are all in the attribute's unit, so that `150 cm` and `1.5 m` are one thing to filter by.
    """
    text, integer, boolean, number, option, options = values
    if kind == "boolean":
        return [] if boolean is None else ["Yes" if boolean else "No"]
    if kind == "integer":
        return [] if integer is None else [str(integer)]
    if kind == "float":
        return [] if number is None else [f"{number:g}"]
    if kind == "measurement":
        return [normal_measure(text, unit=unit)] if text else []
    words = {"text": text, "colour": text, "option": option, "multi_option": options}.get(kind)
    parts = [part.strip() for part in (words or "").split("|")] if kind != "option" else [(words or "").strip()]
    return [part for part in parts if part]


def _ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
