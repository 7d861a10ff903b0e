"""What is inside a kit: one definition with a bulk form. Page, quote, reservation and packing table all ask here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog.pricing.showing import Showing
from shop.money import ZERO, round_money
from shop.written_once import ask

HUNDRED = Decimal(100)

_CONTENTS = """
SELECT kit.stock_record_id, kit.percent_off, record.price_currency, part.component_id, part.quantity,
       inside.partner_sku, inside.product_id, product.parent_id,
       concat_ws(', ', COALESCE(parent.title, product.title), COALESCE(choice.label,
           CASE WHEN product.title <> parent.title THEN NULLIF(product.title, '') END)), COALESCE(NULLIF(parent.slug, ''), product.slug),
       inside.price, inside.price_currency, COALESCE(detail.tax_class, 'standard'), detail.weight_kg
FROM catalog_kit kit
JOIN partner_stockrecord record ON record.id = kit.stock_record_id
JOIN catalog_kitpart part ON part.kit_id = kit.stock_record_id
JOIN partner_stockrecord inside ON inside.id = part.component_id
JOIN catalogue_product product ON product.id = inside.product_id
LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
LEFT JOIN LATERAL (
    SELECT string_agg(COALESCE(value.value_text, option.option), ', ' ORDER BY axis.position, axis.id) AS label
    FROM catalog_variantaxis axis
    JOIN catalogue_productattributevalue value ON value.product_id = product.id AND value.attribute_id = axis.attribute_id
    LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
    WHERE axis.product_id = parent.id) AS choice ON true
LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = inside.id
WHERE kit.stock_record_id = ANY(%s)
ORDER BY kit.stock_record_id, part.position, part.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`quantity` units of one SKU in one kit, with its choices in the title. `price` and `weight_kg` of one unit; `price` None: not sold singly."""

    stock_record_id: int
    product_id: int
    parent_id: int | None
    sku: str
    title: str
    slug: str
    quantity: int
    price: Decimal | None
    tax_class: str
    weight_kg: Decimal | None

    @property
    def words(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def worth(self) -> Decimal:
        """What these units cost when bought singly."""
        return (self.price or ZERO) * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class KitContents:
    """`percent_off` None: the kit's price is fixed. The parts in their order."""

    stock_record_id: int
    percent_off: Decimal | None
    currency: str
    parts: tuple[Part, ...]

    @property
    def sum_of_parts(self) -> Decimal | None:
        """None when a part is not for sale by itself, or in another currency."""
        if any(part.price is None for part in self.parts):
            return None
        return sum((part.worth for part in self.parts), ZERO)

    @property
    def derived_price(self) -> Decimal | None:
        """The price by the rule: sum of the parts less the percentage, rounded once. None: no rule, or no sum."""
        whole = self.sum_of_parts
        if self.percent_off is None or whole is None:
            return None
        return take_off(whole, percent=self.percent_off, currency=self.currency)


def shown_contents(contents: KitContents, showing: Showing) -> KitContents:
    """What the parts cost singly as shoppers read it."""
    parts = (
        replace(part, price=showing.show(part.price, tax_class=part.tax_class, currency=contents.currency))
        for part in contents.parts
    )
    return replace(contents, parts=tuple(parts))


def take_off(amount: Decimal, *, percent: Decimal, currency: str) -> Decimal:
    """`amount` less `percent` per cent, rounded half up to the minor unit."""
    return round_money(amount * (HUNDRED - percent) / HUNDRED, currency)


def contents_of(stock_record_ids: Iterable[int]) -> dict[int, KitContents]:
    """By stock record id, those that are kits. One query."""
    ids = list(stock_record_ids)
    if not ids:
        return {}
    rows = ask(_CONTENTS, (ids,))
    found: dict[int, KitContents] = {}
    for kit_id, percent, currency, part_id, quantity, sku, product_id, parent_id, title, slug, *figures in rows:
        price, part_currency, tax_class, weight = figures
        part = Part(
            stock_record_id=part_id,
            product_id=product_id,
            parent_id=parent_id,
            sku=sku,
            title=title,
            slug=slug,
            quantity=quantity,
            price=price if part_currency == currency else None,
            tax_class=tax_class,
            weight_kg=weight,
        )
        known = found.get(kit_id)
        found[kit_id] = KitContents(
            stock_record_id=kit_id,
            percent_off=percent,
            currency=currency,
            parts=(*(known.parts if known else ()), part),
        )
    return found
