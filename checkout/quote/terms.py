"""Where a basket goes and how the shop's prices read there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from checkout.quote.figures import Item
from checkout.quote.tax_math import without_tax
from checkout.tax.rates import RateTable
from shipping.rates.quote import Rate as ShippingRate
from shop.money import ZERO, round_money, split_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Where it goes and how the shop's prices read. `home` is needed to take the home tax out of an export."""

    currency: str
    prices_include_tax: bool
    home: RateTable
    destination: RateTable

    @property
    def is_export(self) -> bool:
        return self.destination.is_export

    @property
    def contains_tax(self) -> bool:
        return self.prices_include_tax and not self.is_export


def displayed_items(items: Sequence[Item], terms: Terms) -> list[Item]:
    """The items at the unit price of this destination. Raises MissingTaxRate for the home country."""
    return [replace(item, unit_price=displayed_price(item.unit_price, item.tax_class, terms)) for item in items]


def displayed_price(amount: Decimal, tax_class: str, terms: Terms) -> Decimal:
    if terms.prices_include_tax and terms.is_export:
        return without_tax(amount, rate=terms.home.rate_of(tax_class).rate, currency=terms.currency)
    return round_money(amount, terms.currency)


def displayed_rate(rate: ShippingRate, items: Sequence[Item], terms: Terms) -> ShippingRate:
    """A delivery rate at the price of this destination: for an export without the home country's tax.

    That tax shares the fate of the goods: the price is split over their home rates in proportion to their totals.
    """
    if not (terms.prices_include_tax and terms.is_export):
        return rate
    weights: dict[Decimal, Decimal] = {}
    for item in items:
        home = terms.home.rate_of(item.tax_class).rate
        weights[home] = weights.get(home, ZERO) + item.unit_price * item.quantity
    order = sorted(weights, reverse=True)

    def bare(price: Decimal) -> Decimal:
        parts = split_money(price, [weights[home] for home in order], terms.currency)
        pairs = zip(order, parts, strict=True)
        return sum((without_tax(part, rate=home, currency=terms.currency) for home, part in pairs), ZERO)

    return replace(rate, price=bare(rate.price), full_price=bare(rate.full_price))
