"""One product as the back office edits it: its texts, what can be bought of it, its stock and its pictures.

A constant number of queries, whatever the number of variants, attributes and pictures.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from oscar.apps.catalogue.models import Product, ProductAttribute, ProductAttributeValue, ProductCategory
from oscar.apps.partner.models import StockRecord

from catalog.attributes.rules import ClassRules, rules_of
from catalog.attributes.storing import text_of
from catalog.importing.kit_cells import write_components
from catalog.kits.contents import contents_of
from catalog.logistics import Logistics
from catalog.media.records import ProductMedia
from catalog.media.sources import picture_sources
from catalog.pricing.records import PriceChange, PriceDetail
from catalog.publication.records import Publication
from catalog.safety.records import ProductSafety
from catalog.variants import VariantAxis
from inventory.models import Location, StockLevel

LATEST_PRICES = 12
NOT_TYPED = frozenset({"entity", "file", "image"})


@dataclass(slots=True)
class Shelf:
    """The units of one SKU at one location; `level` is None where it was never kept."""

    location: Location
    level: StockLevel | None

    @property
    def on_hand(self) -> int:
        return self.level.on_hand if self.level is not None else 0

    @property
    def allocated(self) -> int:
        return self.level.allocated if self.level is not None else 0


@dataclass(slots=True)
class Sellable:
    """Something with a SKU: the stand-alone product, or one variant. `product` is None for one still to be made."""

    product: Product | None
    record: StockRecord | None
    price: Decimal | None
    compare_at: Decimal | None
    tax_class: str
    weight_kg: Decimal | None
    values: dict[str, str]
    axis_names: dict[str, str]
    shelves: list[Shelf]
    components: str = ""
    kit_percent_off: Decimal | None = None

    @property
    def prefix(self) -> str:
        return f"v{self.product.pk}" if self.product is not None else "new"


@dataclass(slots=True)
class Picture:
    placed: ProductMedia
    address: str
    owner: str


@dataclass(slots=True)
class Sheet:
    product: Product
    category_ids: list[int]
    attributes: list[ProductAttribute]
    rules: ClassRules
    values: dict[int, str]
    axes: list[VariantAxis]
    sellables: list[Sellable]
    pictures: list[Picture]
    prices: list[PriceChange] = field(default_factory=list)
    publication: Publication | None = None
    logistics: Logistics | None = None
    safety: ProductSafety | None = None

    @property
    def has_variants(self) -> bool:
        return bool(self.product.structure == Product.PARENT)


def read_sheet(product: Product) -> Sheet:
    axes = list(VariantAxis.objects.filter(product=product).select_related("attribute").order_by("position", "pk"))
    children = list(Product.objects.filter(parent=product).order_by("pk")) if product.is_parent else []
    bought = children if product.is_parent else [product]
    values = _values([product, *children])
    records = {one.product_id: one for one in StockRecord.objects.filter(product__in=bought).order_by("-pk")}
    axis_ids = {axis.attribute_id for axis in axes}
    attributes = ProductAttribute.objects.filter(product_class=product.product_class).exclude(pk__in=axis_ids)
    return Sheet(
        product=product,
        category_ids=list(ProductCategory.objects.filter(product=product).values_list("category_id", flat=True)),
        attributes=list(attributes.order_by("name")),
        rules=rules_of([product.product_class_id], needs_options=True).get(product.product_class_id, ClassRules()),
        values=values.get(product.pk, {}),
        axes=axes,
        sellables=_sellables(bought, records, values, axes),
        pictures=_pictures(product, children),
        publication=Publication.objects.filter(product=product).first(),
        logistics=Logistics.objects.filter(product=product).first(),
        safety=ProductSafety.objects.filter(product=product).prefetch_related("documents").first(),
        prices=list(
            PriceChange.objects.filter(stock_record__in=list(records.values())).order_by("-pk")[:LATEST_PRICES]
        ),
    )


def _sellables(
    bought: list[Product],
    records: dict[int, StockRecord],
    values: dict[int, dict[int, str]],
    axes: list[VariantAxis],
) -> list[Sellable]:
    ids = [record.pk for record in records.values()]
    kits = contents_of(ids)
    details = {one.stock_record_id: one for one in PriceDetail.objects.filter(stock_record__in=ids)}
    levels = {(one.stock_record_id, one.location_id): one for one in StockLevel.objects.filter(stock_record__in=ids)}
    places = list(Location.objects.filter(is_active=True).order_by("priority", "code"))
    found = []
    for product in bought:
        record = records.get(product.pk)
        detail = details.get(record.pk) if record is not None else None
        kit = kits.get(record.pk) if record is not None else None
        shelves = [Shelf(place, levels.get((record.pk, place.pk)) if record else None) for place in places]
        found.append(
            Sellable(
                product=product,
                record=record,
                price=record.price if record is not None else None,
                compare_at=detail.compare_at_price if detail is not None else None,
                tax_class=detail.tax_class if detail is not None else "standard",
                weight_kg=detail.weight_kg if detail is not None else None,
                values={axis.attribute.code: values.get(product.pk, {}).get(axis.attribute_id, "") for axis in axes},
                axis_names={axis.attribute.code: axis.name for axis in axes},
                shelves=shelves,
                components=write_components((part.sku, part.quantity) for part in kit.parts) if kit else "",
                kit_percent_off=kit.percent_off if kit else None,
            )
        )
    return found


def _values(products: list[Product]) -> dict[int, dict[int, str]]:
    """By product and attribute: the canonical text of the value."""
    rows = (
        ProductAttributeValue.objects.filter(product__in=products)
        .select_related("attribute", "value_option")
        .prefetch_related("value_multi_option")
    )
    found: dict[int, dict[int, str]] = {}
    for row in rows:
        kind = row.attribute.type
        if kind in NOT_TYPED:
            continue
        value = list(row.value_multi_option.all()) if kind == "multi_option" else row.value
        found.setdefault(row.product_id, {})[row.attribute_id] = text_of(value, kind)
    return found


def _pictures(product: Product, children: list[Product]) -> list[Picture]:
    titles = {child.pk: child.title for child in children}
    placed = ProductMedia.objects.filter(product__in=[product, *children]).select_related("file")
    rows = sorted(placed, key=lambda one: (one.product_id != product.pk, one.product_id, one.position, one.pk))
    return [Picture(one, picture_sources(one.file).src, titles.get(one.product_id, "")) for one in rows]
