"""Offers as immutable data, and the basket lines and discounts they speak about. Pure: no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shop.money import ZERO

COUNT, VALUE, COVERAGE = "Count", "Value", "Coverage"
PERCENTAGE, ABSOLUTE, FIXED_UNIT, MULTIBUY, FIXED_PRICE = (
    "Percentage",
    "Absolute",
    "Fixed",
    "Multibuy",
    "Fixed price",
)
SHIPPING_PERCENTAGE, SHIPPING_ABSOLUTE, SHIPPING_FIXED_PRICE = (
    "Shipping percentage",
    "Shipping absolute",
    "Shipping fixed price",
)
SHIPPING_KINDS = frozenset({SHIPPING_PERCENTAGE, SHIPPING_ABSOLUTE, SHIPPING_FIXED_PRICE})
OF_MONEY = frozenset({ABSOLUTE, FIXED_UNIT, FIXED_PRICE, SHIPPING_ABSOLUTE, SHIPPING_FIXED_PRICE})
"""Kinds whose value is an amount, not per cent."""
CONDITION_KINDS = frozenset({COUNT, VALUE, COVERAGE})
BENEFIT_KINDS = frozenset({PERCENTAGE, ABSOLUTE, FIXED_UNIT, MULTIBUY, FIXED_PRICE}) | SHIPPING_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A basket line. `key` names it for the caller; `unit_price` is what one unit costs before any offer.

    `category_ids` are those of the product, or of the parent for a variant (see `promotions.product_facts`).
    """

    key: Any
    product_id: int
    stock_record_id: int
    unit_price: Decimal
    quantity: int
    category_ids: frozenset[int] = frozenset()
    product_class_id: int | None = None
    parent_id: int | None = None
    is_discountable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRange:
    """Which products an offer speaks of. The category sets hold every descendant; a variant is in with its parent."""

    id: int
    name: str
    includes_all: bool = False
    product_ids: frozenset[int] = frozenset()
    excluded_product_ids: frozenset[int] = frozenset()
    category_ids: frozenset[int] = frozenset()
    excluded_category_ids: frozenset[int] = frozenset()
    class_ids: frozenset[int] = frozenset()

    def contains(self, line: PricedLine) -> bool:
        return self.names(line) and not self.excludes(line)

    def names(self, line: PricedLine) -> bool:
        """Whether the line would be in the range but for the exclusions."""
        return (
            self.includes_all
            or line.product_id in self.product_ids
            or line.parent_id in self.product_ids
            or line.product_class_id in self.class_ids
            or not self.category_ids.isdisjoint(line.category_ids)
        )

    def excludes(self, line: PricedLine) -> bool:
        return (
            line.product_id in self.excluded_product_ids
            or line.parent_id in self.excluded_product_ids
            or not self.excluded_category_ids.isdisjoint(line.category_ids)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`value`: units for Count, distinct products for Coverage, money for Value."""

    kind: str
    value: Decimal
    range: ProductRange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """`value`: percent or money; `max_affected_items` bounds the units that one basket gets discounted."""

    kind: str
    value: Decimal
    range: ProductRange | None
    max_affected_items: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`max_applications` and `max_discount` are what is left of every limit for this basket and customer."""

    id: int
    name: str
    condition: Condition
    benefit: Benefit
    priority: int = 0
    exclusive: bool = True
    combinations: frozenset[int] = frozenset()
    voucher_id: int | None = None
    voucher_code: str = ""
    max_applications: int = 10_000
    max_discount: Decimal | None = None

    @property
    def title(self) -> str:
        """What the shopper calls it: the code that was typed, or the offer's name."""
        return self.voucher_code or f"“{self.name}”"

    @property
    def is_understood(self) -> bool:
        """Fails closed: an unknown kind or a missing range gives nothing away."""
        needs_range = self.benefit.kind not in SHIPPING_KINDS and self.benefit.kind != FIXED_PRICE
        return (
            self.condition.kind in CONDITION_KINDS
            and self.benefit.kind in BENEFIT_KINDS
            and self.condition.range is not None
            and self.condition.value > 0
            and (self.benefit.range is not None or not needs_range)
            and not (self.benefit.kind == FIXED_PRICE and self.condition.kind == VALUE)
        )

    def can_join(self, other: "Offer") -> bool:
        """Whether both may discount the same unit: neither exclusive, and named if either names combinations."""
        if self.id == other.id or self.exclusive or other.exclusive:
            return False
        if self.combinations or other.combinations:
            return self.id in other.combinations or other.id in self.combinations
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedOffer:
    """`amount` is what the offer took off the goods: the sum of `per_line`."""

    offer_id: int
    name: str
    voucher_id: int | None
    voucher_code: str
    amount: Decimal
    applications: int
    per_line: Mapping[Any, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedOffer:
    """`reason` is a sentence for the shopper with the missing step."""

    offer_id: int
    name: str
    voucher_code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingOffer:
    """An offer on the delivery charge that the basket has earned; see `promotions.delivery.discount_delivery`."""

    offer_id: int
    name: str
    voucher_id: int | None
    voucher_code: str
    kind: str
    value: Decimal
    max_discount: Decimal | None
    can_stack: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Discounts:
    line_discounts: Mapping[Any, Decimal] = field(default_factory=dict)
    applied: tuple[AppliedOffer, ...] = ()
    refused: tuple[RefusedOffer, ...] = ()
    shipping: tuple[ShippingOffer, ...] = ()

    @property
    def total(self) -> Decimal:
        """Off the goods; delivery is not in it."""
        return sum((offer.amount for offer in self.applied), ZERO)
