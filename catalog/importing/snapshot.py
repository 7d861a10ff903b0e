"""What the shop holds for a batch of handles and SKUs: a fixed number of bulk reads, whatever the batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from catalog.importing.attribute_text import from_stored
from catalog.importing.fact_cells import SHARED
from catalog.importing.held_facts import read_held
from catalog.importing.ports import read_stock
from catalog.importing.states import ProductState, SkuState

_BY_HANDLE = "SELECT id, slug FROM catalogue_product WHERE slug = ANY(%s) AND parent_id IS NULL"
_BY_SKU = """
SELECT COALESCE(product.parent_id, product.id) FROM partner_stockrecord record
JOIN catalogue_product product ON product.id = record.product_id
WHERE record.partner_sku = ANY(%s) AND record.partner_id = %s
"""
_PRODUCTS = """
SELECT product.id, product.slug, product.title, product.description, class.name, product.is_public,
       product.structure = 'parent'
FROM catalogue_product product LEFT JOIN catalogue_productclass class ON class.id = product.product_class_id
WHERE product.id = ANY(%s) ORDER BY product.id
"""
_SKUS = """
SELECT COALESCE(product.parent_id, product.id), product.id, record.id, record.partner_sku, product.is_public, product.upc,
       CASE WHEN product.parent_id IS NULL THEN '' ELSE product.title END,
       CASE WHEN product.parent_id IS NULL THEN '' ELSE product.description END,
       record.price, detail.compare_at_price, detail.cost, record.price_currency,
       COALESCE(detail.tax_class, 'standard'), detail.weight_kg
FROM catalogue_product product
JOIN partner_stockrecord record ON record.product_id = product.id AND record.partner_id = %s
LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
WHERE product.id = ANY(%s) OR product.parent_id = ANY(%s) ORDER BY product.id, record.id
"""
_ATTRIBUTES = """
SELECT value.product_id, attribute.code, attribute.type, value.value_text, value.value_richtext, value.value_integer,
       value.value_boolean, value.value_float, value.value_date, value.value_datetime, option.option,
       CASE attribute.type WHEN 'multi_option' THEN (SELECT array_agg(chosen.option) FROM catalogue_productattributevalue_value_multi_option link
        JOIN catalogue_attributeoption chosen ON chosen.id = link.attributeoption_id
        WHERE link.productattributevalue_id = value.id) END
FROM catalogue_productattributevalue value
JOIN catalogue_productattribute attribute ON attribute.id = value.attribute_id
LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
WHERE value.product_id = ANY(%s) ORDER BY value.product_id, attribute.code
"""
# A treebeard path is made of steps of four characters; each prefix is an ancestor's path.
_CATEGORIES = """
SELECT link.product_id, ARRAY(
    SELECT above.name FROM generate_series(4, length(category.path), 4) AS step
    JOIN catalogue_category above ON above.path = left(category.path, step) ORDER BY above.depth)
FROM catalogue_productcategory link JOIN catalogue_category category ON category.id = link.category_id
WHERE link.product_id = ANY(%s) ORDER BY link.product_id, category.path
"""
_PICTURES = """
SELECT placed.product_id, file.digest, placed.alt FROM catalog_productmedia placed
JOIN catalog_mediafile file ON file.id = placed.file_id
WHERE placed.product_id = ANY(%s) ORDER BY placed.product_id, placed.position, placed.id
"""
_AXES = """
SELECT axis.product_id, attribute.code, axis.name FROM catalog_variantaxis axis
JOIN catalogue_productattribute attribute ON attribute.id = axis.attribute_id
WHERE axis.product_id = ANY(%s) ORDER BY axis.product_id, axis.position, axis.id
"""
_KITS = """
SELECT kit.stock_record_id, kit.percent_off, inside.partner_sku, part.quantity
FROM catalog_kit kit JOIN catalog_kitpart part ON part.kit_id = kit.stock_record_id
JOIN partner_stockrecord inside ON inside.id = part.component_id
WHERE kit.stock_record_id = ANY(%s) ORDER BY kit.stock_record_id, part.position, part.id
"""
_GTINS = "SELECT upc, id FROM catalogue_product WHERE upc = ANY(%s)"


@dataclass(slots=True)
class Snapshot:
    """Products by handle, SKUs by SKU, and who has which GTIN. `ambiguous` handles belong to several products."""

    products: dict[str, ProductState] = field(default_factory=dict)
    skus: dict[str, SkuState] = field(default_factory=dict)
    gtin_owners: dict[str, int] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)


def take_snapshot(
    *, handles: Iterable[str], skus: Iterable[str], gtins: Iterable[str], partner_id: int | None
) -> Snapshot:
    """Products that have one of the handles or hold one of the SKUs, with all their variants."""
    found = _ask(_BY_HANDLE, list(handles))
    ids = {row[0] for row in found} | {row[0] for row in _ask(_BY_SKU, list(skus), partner_id)}
    snapshot = read_products(sorted(ids), partner_id=partner_id)
    seen: set[str] = set()
    for _, handle in found:
        (snapshot.ambiguous if handle in seen else seen).add(handle)
    snapshot.gtin_owners = dict(_ask(_GTINS, list(gtins)))
    return snapshot


def read_products(ids: Sequence[int], *, partner_id: int | None) -> Snapshot:
    """Listed products by id; ten queries."""
    snapshot, by_id, sku_by_id = Snapshot(), {}, {}
    for product_id, handle, title, description, class_name, published, is_parent in _ask(_PRODUCTS, ids):
        by_id[product_id] = snapshot.products[handle] = ProductState(
            id=product_id,
            handle=handle,
            title=title,
            description=description,
            product_class=class_name or "",
            published=published,
            is_parent=is_parent,
        )
    records: dict[int, SkuState] = {}
    for owner_id, product_id, record_id, sku, published, gtin, title, description, *amounts in _ask(
        _SKUS, partner_id, ids, ids
    ):
        price, compare_at, cost, currency, tax_class, weight = amounts
        owner = by_id[owner_id]
        state = SkuState(
            id=product_id,
            stock_record_id=record_id,
            sku=sku,
            handle=owner.handle,
            title=title,
            description=description,
            published=published,
            gtin=gtin or None,
            price=price,
            compare_at_price=compare_at,
            cost=cost,
            currency=currency,
            tax_class=tax_class,
            weight_kg=weight,
        )
        owner.skus[sku] = snapshot.skus[sku] = records[record_id] = sku_by_id[product_id] = state
    _read_values(by_id, sku_by_id)
    for product_id, facts in read_held({*by_id, *sku_by_id}).items():
        if product_id in by_id and product_id in sku_by_id:
            by_id[product_id].facts = {name: facts[name] for name in SHARED if name in facts}
            sku_by_id[product_id].facts = {name: text for name, text in facts.items() if name not in SHARED}
        else:
            (by_id.get(product_id) or sku_by_id[product_id]).facts = facts
    for record_id, percent, sku, units in _ask(_KITS, list(records)):
        records[record_id].kit_percent_off = percent
        records[record_id].components += ((sku, units),)
    for record_id, levels in read_stock(records).items():
        records[record_id].stock = dict(levels)
    return snapshot


def _read_values(by_id: dict[int, ProductState], sku_by_id: dict[int, SkuState]) -> None:
    """A stand-alone product's attributes and pictures are the product's; a variant's are the SKU's."""
    variants = {product_id: state for product_id, state in sku_by_id.items() if product_id not in by_id}
    owners: dict[int, Any] = {**variants, **by_id}
    ids = list(owners)
    for product_id, code, name in _ask(_AXES, list(by_id)):
        by_id[product_id].axes += ((code, name),)
    axis_codes = {state.handle: {code for code, _ in state.axes} for state in by_id.values()}
    for product_id, code, kind, *values in _ask(_ATTRIBUTES, ids):
        text = from_stored(kind, tuple(values))
        if text is not None:
            owner = owners[product_id]
            is_option = product_id in variants and code in axis_codes[owner.handle]
            (owner.options if is_option else owner.attributes)[code] = text
    for product_id, path in _ask(_CATEGORIES, list(by_id)):
        by_id[product_id].categories += (tuple(path),)
    for product_id, digest, alt in _ask(_PICTURES, ids):
        owners[product_id].pictures += (digest,)
        owners[product_id].alts = {**owners[product_id].alts, digest: alt}


def _ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
