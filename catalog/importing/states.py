"""What the shop holds about a product and about a SKU, in the form that a file can say: to compare, to store, to undo."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any

BRAND, TAGS = "brand", "tags"
"""Attribute codes that the columns of the same name are kept under."""
ALT_LENGTH = 250
"""Characters that describe a picture."""
_NO_ALTS: dict[str, str] = {}
"""One for all: `alts` is never changed in place."""


@dataclass(slots=True, kw_only=True)
class ProductState:
    """A listed product: stand-alone, or the parent of variants (`axes` names what tells them apart).

    `alts` are the words of `pictures`, by digest; `facts` by column (`catalog.importing.fact_cells`); those of single SKUs of
    a stand-alone product are its SKU's.
    """

    id: int | None
    handle: str
    title: str = ""
    description: str = ""
    product_class: str = ""
    published: bool = True
    is_parent: bool = False
    categories: tuple[tuple[str, ...], ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    alts: dict[str, str] = field(default_factory=lambda: _NO_ALTS)
    axes: tuple[tuple[str, str], ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    skus: dict[str, "SkuState"] = field(default_factory=dict)

    def clone(self) -> "ProductState":
        """A copy that can be changed; the SKUs are the same ones."""
        return replace(self, attributes=dict(self.attributes), facts=dict(self.facts))

    def clone_with_skus(self) -> "ProductState":
        return replace(self.clone(), skus={sku: state.clone() for sku, state in self.skus.items()})

    def take_from(self, other: "ProductState") -> None:
        for name in PRODUCT_FIELDS:
            setattr(self, name, getattr(other, name))


@dataclass(slots=True, kw_only=True)
class SkuState:
    """What is bought: the stand-alone product itself, or one variant. `options` maps an axis' code to the value.

    `title` and `description` are empty unless the variant has its own.
    """

    id: int | None
    stock_record_id: int | None
    sku: str
    handle: str
    title: str = ""
    description: str = ""
    published: bool = True
    gtin: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    alts: dict[str, str] = field(default_factory=lambda: _NO_ALTS)
    price: Decimal | None = None
    compare_at_price: Decimal | None = None
    cost: Decimal | None = None
    currency: str = ""
    tax_class: str = "standard"
    weight_kg: Decimal | None = None
    stock: dict[str, int] = field(default_factory=dict)
    stock_reason: str = ""
    components: tuple[tuple[str, int], ...] = ()
    kit_percent_off: Decimal | None = None
    facts: dict[str, str] = field(default_factory=dict)

    def clone(self) -> "SkuState":
        return replace(
            self,
            options=dict(self.options),
            attributes=dict(self.attributes),
            stock=dict(self.stock),
            facts=dict(self.facts),
        )


PRODUCT_FIELDS = (
    "title",
    "description",
    "product_class",
    "published",
    "is_parent",
    "categories",
    "attributes",
    "pictures",
    "alts",
    "axes",
    "facts",
)
SKU_FIELDS = (
    "handle",
    "title",
    "description",
    "published",
    "gtin",
    "options",
    "attributes",
    "pictures",
    "alts",
    "price",
    "compare_at_price",
    "cost",
    "currency",
    "tax_class",
    "weight_kg",
    "stock",
    "components",
    "kit_percent_off",
    "facts",
)
LATER_FIELDS: dict[str, Any] = {"components": [], "kit_percent_off": None, "facts": {}, "alts": {}}
"""Fields that images written before them lack, with what they meant then."""
AMOUNTS = frozenset({"price", "compare_at_price", "cost", "weight_kg", "kit_percent_off"})


_read_product, _read_sku = attrgetter(*PRODUCT_FIELDS), attrgetter(*SKU_FIELDS)


def read_fields(state: ProductState | SkuState) -> dict[str, Any]:
    """The fields that are compared and kept, by name."""
    if isinstance(state, ProductState):
        return dict(zip(PRODUCT_FIELDS, _read_product(state), strict=True))
    return dict(zip(SKU_FIELDS, _read_sku(state), strict=True))


def image_of(state: ProductState | SkuState) -> dict[str, Any]:
    """As JSON: amounts are texts without trailing zeros, tuples are lists."""
    return {name: _to_json(value) for name, value in read_fields(state).items()}


def image_as_text(state: ProductState | SkuState) -> str:
    """`image_of`, written out."""
    return _encode(read_fields(state))


def fill_from_image(state: ProductState | SkuState, image: Mapping[str, Any], *, fields: tuple[str, ...]) -> None:
    """Sets the named fields to what the image says."""
    for name in fields:
        setattr(state, name, _from_json(name, image[name]))


def _to_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return [_to_json(part) for part in value]
    return dict(value) if isinstance(value, dict) else value


def _from_json(name: str, value: Any) -> Any:
    if name in AMOUNTS:
        return None if value is None else Decimal(value)
    if name in ("categories", "axes", "components"):
        return tuple(tuple(part) for part in value)
    if name == "pictures":
        return tuple(value)
    return dict(value) if isinstance(value, dict) else value


_encode = json.JSONEncoder(default=_to_json).encode
"""Made once: the encoder that `json.dumps` makes for every call costs more than the call."""
