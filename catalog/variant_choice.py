"""Which variants a product comes in, and the one that a shopper's choice means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from oscar.apps.catalogue.models import Product

from catalog.pricing.current import Price, prices_for
from catalog.search.facets import natural_key


class ImpossibleChoice(ValueError):
    """The chosen values name no variant; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One choice. `values` in the order of the variants, sizes and other figures in their natural order."""

    code: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A sellable child. `values` maps axis codes to its value. `price` None: not for sale."""

    product_id: int
    title: str
    stock_record_id: int | None
    sku: str
    values: Mapping[str, str]
    price: Price | None

    @property
    def label(self) -> str:
        return " / ".join(self.values.values()) or self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantTable:
    """`variants` by the tuple of their values in the order of `axes`; a stand-alone product has one, without axes."""

    axes: tuple[Axis, ...]
    variants: Mapping[tuple[str, ...], Variant]

    def __iter__(self) -> Iterator[Variant]:
        return iter(self.variants.values())

    def __len__(self) -> int:
        return len(self.variants)

    @property
    def only(self) -> Variant | None:
        """The variant when there is no choice to make."""
        return next(iter(self.variants.values())) if len(self.variants) == 1 else None

    def find(self, values: Mapping[str, str]) -> Variant | None:
        return self.variants.get(tuple(values.get(axis.code, "") for axis in self.axes))

    def by_product(self, product_id: int) -> Variant | None:
        return next((variant for variant in self if variant.product_id == product_id), None)

    def possible_values(self, axis: Axis, *, chosen: Mapping[str, str]) -> set[str]:
        """Values of this axis that exist together with the values chosen on the other axes."""
        others = {code: value for code, value in chosen.items() if code != axis.code}
        return {
            variant.values[axis.code]
            for variant in self
            if all(variant.values.get(code) == value for code, value in others.items())
        }


_CHILDREN = """
SELECT child.id, child.title, record.id, record.partner_sku
FROM catalogue_product child
LEFT JOIN LATERAL (SELECT id, partner_sku FROM partner_stockrecord WHERE product_id = child.id ORDER BY id LIMIT 1)
    record ON true
WHERE child.id = %(product)s AND child.structure = 'standalone' OR child.parent_id = %(product)s AND child.is_public
ORDER BY child.id
"""
_VALUES = """
SELECT attribute.code, axis.name, child.id,
       COALESCE(value.value_text, option.option, value.value_integer::text, value.value_float::text,
                CASE value.value_boolean WHEN true THEN 'Yes' WHEN false THEN 'No' END, '')
FROM catalog_variantaxis axis
JOIN catalogue_productattribute attribute ON attribute.id = axis.attribute_id
JOIN catalogue_product child ON child.parent_id = axis.product_id AND child.is_public
LEFT JOIN catalogue_productattributevalue value ON value.product_id = child.id AND value.attribute_id = attribute.id
LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
WHERE axis.product_id = %(product)s
ORDER BY axis.position, axis.id, child.id
"""


def variants_of(product: Product) -> VariantTable:
    """Three queries, whatever the number of variants. A child asks for its parent."""
    product_id = product.parent_id or product.pk
    with connection.cursor() as cursor:
        cursor.execute(_CHILDREN, {"product": product_id})
        children = cursor.fetchall()
        cursor.execute(_VALUES, {"product": product_id})
        cells = cursor.fetchall()
    prices = prices_for(record_id for _, _, record_id, _ in children if record_id is not None)
    names: dict[str, str] = {}
    seen: dict[str, dict[str, None]] = {}
    values: dict[int, dict[str, str]] = {child_id: {} for child_id, *_ in children}
    for code, name, child_id, value in cells:
        names[code] = name
        seen.setdefault(code, {})[value] = None
        values[child_id][code] = value
    axes = tuple(Axis(code=code, name=names[code], values=_order(seen[code])) for code in names)
    table: dict[tuple[str, ...], Variant] = {}
    for child_id, title, record_id, sku in children:
        key = tuple(values[child_id].get(axis.code, "") for axis in axes) or ((title,) if len(children) > 1 else ())
        price = prices.get(record_id) if record_id is not None else None
        variant = Variant(
            product_id=child_id,
            title=title,
            stock_record_id=record_id,
            sku=sku or "",
            values=values[child_id],
            price=price,
        )
        table.setdefault(key, variant)
    return VariantTable(axes=axes, variants=table)


def choose_variant(
    product: Product, *, values: Mapping[str, str] | None = None, child_id: int | None = None
) -> Variant:
    """The variant meant by a child's id or by values per axis code. Raises ImpossibleChoice with a sentence."""
    return pick_variant(variants_of(product), title=product.get_title(), values=values or {}, child_id=child_id)


def pick_variant(table: VariantTable, *, title: str, values: Mapping[str, str], child_id: int | None = None) -> Variant:
    if child_id is not None:
        by_id = table.by_product(child_id)
        if by_id is None:
            raise ImpossibleChoice(f"{title} does not come in the variant you sent. Choose one that is listed.")
        return by_id
    if not table.axes:
        if table.only is None:
            raise ImpossibleChoice(f"Choose a variant of {title} first.")
        return table.only
    missing = [axis.name for axis in table.axes if not values.get(axis.code)]
    if missing:
        raise ImpossibleChoice(f"Choose {' and '.join(missing)} of {title} first.")
    found = table.find(values)
    if found is None:
        wanted = ", ".join(f"{axis.name} {values[axis.code][:60]}" for axis in table.axes)
        raise ImpossibleChoice(f"{title} does not come in {wanted}. Choose another combination.")
    return found


def _order(values: Mapping[str, None]) -> tuple[str, ...]:
    ordered = list(values)
    return tuple(sorted(ordered, key=natural_key) if all(value[:1].isdigit() for value in ordered) else ordered)
