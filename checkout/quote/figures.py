"""The quote itself: frozen figures with a trace. Amounts in `currency`, whole minor units."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

from catalog.pricing.showing import Turned
from checkout.quote.item_facts import ItemPart, ItemText, ItemWait
from shipping.rates.quote import Rate as ShippingRate


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One basket line before pricing. `unit_price` as the shop's prices are (gross or net).

    A kit has `parts`; its price follows them when `percent_off` is given. The surcharges of `texts` are in the price.
    What needs no parcel is delivered as files. `turned`: how the price without the texts comes from the entered one, where
    the two differ.
    """

    key: str
    line_id: int
    product_id: int
    stock_record_id: int
    sku: str
    name: str
    label: str
    unit_price: Decimal
    quantity: int
    tax_class: str = "standard"
    weight_kg: Decimal = Decimal(0)
    category_ids: frozenset[int] = frozenset()
    product_class_id: int | None = None
    parent_id: int | None = None
    is_discountable: bool = True
    saleable: int | None = None
    parts: tuple[ItemPart, ...] = ()
    percent_off: Decimal | None = None
    texts: tuple[ItemText, ...] = ()
    wait: ItemWait | None = None
    needs_parcel: bool = True
    turned: Turned | None = None

    @property
    def title(self) -> str:
        return f"{self.name}, {self.label}" if self.label else self.name

    @property
    def tax_weights(self) -> dict[str, Decimal]:
        """How an amount of this line is shared out over tax classes: a kit's by what its parts cost singly.

        Parts that cost nothing at all count by their units.
        """
        if not self.parts:
            return {self.tax_class: Decimal(1)}
        are_free = not any(part.unit_price for part in self.parts)
        weights: dict[str, Decimal] = {}
        for part in self.parts:
            each = Decimal(1) if are_free else part.unit_price or Decimal(0)
            weights[part.tax_class] = weights.get(part.tax_class, Decimal(0)) + each * part.quantity
        return weights

    @property
    def contents(self) -> tuple[str, ...]:
        """What the shopper is told of it: what is inside, and what is written on it."""
        return tuple(part.words for part in self.parts) + tuple(text.words for text in self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One step of the way to the total. `source` names the row that gave the figure: stock_record:4, offer:3, band:7.

    `operands` are what the step needs to be done again; `amount` is its result (see checkout.quote.trace).
    """

    number: int
    kind: str
    subject: str
    source: str
    operands: Mapping[str, str]
    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTax:
    """The share of a line that is taxed at one rate. `weight` is that share in proportion to the others'."""

    tax_class: str
    name: str
    rate: Decimal
    weight: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """`unit_price`, `before_discount`, `discount` and `total` as displayed; `net` + `tax` = `gross` is what is paid.

    `taxes` sum to that, highest rate first; more than one only for a kit of differently taxed parts. `tax_rate` is the
    first of them.
    """

    item: Item
    unit_price: Decimal
    before_discount: Decimal
    discount: Decimal
    total: Decimal
    tax_rate: Decimal
    tax_name: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: tuple[LineTax, ...] = ()

    @property
    def is_short(self) -> bool:
        return self.item.saleable is not None and self.item.saleable < self.item.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """A line that cannot be sold any more: unpublished, or without a price."""

    line_id: int
    name: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """What one offer gave. `per_line` by line key; an offer on delivery has none."""

    offer_id: int
    name: str
    voucher_code: str
    amount: Decimal
    per_line: Mapping[str, Decimal]
    voucher_id: int | None = None
    applications: int = 1
    is_shipping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An offer or a code that gave nothing, and why."""

    name: str
    voucher_code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingChoice:
    """The chosen method. `price` as displayed after offers on delivery; `net` + `tax` = `gross`."""

    code: str
    name: str
    carrier: str
    days_min: int
    days_max: int
    before_discount: Decimal
    price: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """All that is taxed at one rate, goods and delivery together."""

    name: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The only price. Lines in the order of the basket; `methods` are the ways it could travel.

    `refusals` are the reasons, as sentences, why this quote cannot become an order (no delivery, no tax rate).
    `vat_id` is that of a buyer who accounts for the tax (then prices are bare, as for an export); `tax_country` is
    where the tax is due when that is not `country`.
    `digest` covers exactly what the shopper sees and agrees to.
    """

    currency: str
    country: str
    prices_include_tax: bool
    is_export: bool
    lines: tuple[QuoteLine, ...]
    missing: tuple[MissingLine, ...]
    discounts: tuple[Discount, ...]
    refused: tuple[Refused, ...]
    methods: tuple[ShippingRate, ...]
    shipping: ShippingChoice | None
    taxes: tuple[TaxLine, ...]
    goods_before_discount: Decimal
    goods_total: Decimal
    total_net: Decimal
    total_tax: Decimal
    total: Decimal
    trace: tuple[TraceStep, ...]
    refusals: tuple[str, ...] = ()
    vat_id: str = ""
    tax_country: str = ""

    @property
    def needs_parcel(self) -> bool:
        """Whether anything in it travels; an empty basket is treated as if."""
        return not self.lines or any(line.item.needs_parcel for line in self.lines)

    @property
    def has_downloads(self) -> bool:
        return any(not line.item.needs_parcel for line in self.lines)

    @property
    def discount_total(self) -> Decimal:
        return self.goods_before_discount - self.goods_total

    def shown(self) -> dict[str, Any]:
        """What the shopper sees, as JSON types: the same figures, names and order as on the page."""
        shipping = self.shipping
        waits = [[line.item.sku, line.item.title, line.item.wait.words] for line in self.lines if line.item.wait]
        return {
            **({"waits": waits} if waits else {}),
            "currency": self.currency,
            "country": self.country,
            "lines": [
                [line.item.sku, line.item.title, line.item.quantity, str(line.unit_price), str(line.total)]
                for line in self.lines
            ],
            "contents": [[line.item.sku, *line.item.contents] for line in self.lines if line.item.contents],
            "discounts": [[one.name, one.voucher_code, str(one.amount)] for one in self.discounts],
            "shipping": [shipping.code, shipping.name, str(shipping.price)] if shipping else None,
            "taxes": [[tax.name, str(tax.tax)] for tax in self.taxes],
            "total": str(self.total),
            **({"vat_id": self.vat_id} if self.vat_id else {}),
        }

    @property
    def digest(self) -> str:
        return digest_of(self.shown())

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON types (amounts as strings), for storing with the order."""
        whole: dict[str, Any] = json.loads(json.dumps(self, default=_plain))
        whole["digest"] = self.digest
        return whole


def digest_of(shown: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no spaces)."""
    return hashlib.sha256(
        json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def _plain(value: object) -> object:
    """What JSON has no word for; figures that hold figures are asked for again, one by one."""
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in a stored quote.")
