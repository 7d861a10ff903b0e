"""Where a basket goes and how the shop's prices read there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from checkout.quote.figures import Item
from checkout.quote.tax_math import without_tax, without_taxes
from checkout.tax.rates import Rate, RateTable
from checkout.tax.rounding import Rounding
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
    def rounding(self) -> Rounding:
        return self.destination.rounding

    @property
    def contains_tax(self) -> bool:
        return self.prices_include_tax and not self.is_export


def displayed_items(items: Sequence[Item], terms: Terms) -> list[Item]:
    """The items at the unit price of this destination. Raises MissingTaxRate for the home country."""
    return [replace(item, unit_price=displayed_price(item, terms)) for item in items]


def displayed_price(item: Item, terms: Terms) -> Decimal:
    """A kit of differently taxed parts loses each share's home tax."""
    if not (terms.prices_include_tax and terms.is_export):
        return round_money(item.unit_price, terms.currency)
    shares = [(rate.rate, weight) for rate, weight in rate_shares(item, terms.home)]
    return without_taxes(item.unit_price, shares=shares, currency=terms.currency)


def rate_shares(item: Item, table: RateTable) -> list[tuple[Rate, Decimal]]:
    """The rates of an item with their weights, highest first; classes of one rate count together.

    Raises MissingTaxRate.
    """
    rates: dict[Decimal, Rate] = {}
    weights: dict[Decimal, Decimal] = {}
    for tax_class, weight in item.tax_weights.items():
        rate = table.rate_of(tax_class)
        rates.setdefault(rate.rate, rate)
        weights[rate.rate] = weights.get(rate.rate, ZERO) + weight
    return [(rates[value], weights[value]) for value in sorted(rates, reverse=True)]


def displayed_rate(rate: ShippingRate, items: Sequence[Item], terms: Terms) -> ShippingRate:
    """A delivery rate at the price of this destination: for an export without the home country's tax.

    That tax shares the fate of the goods: the price is split over their home rates in proportion to their totals.
    """
    if not (terms.prices_include_tax and terms.is_export):
        return rate
    weights: dict[Decimal, Decimal] = {}
    for item in items:
        shares = rate_shares(item, terms.home)
        whole = sum((weight for _, weight in shares), ZERO)
        for home, weight in shares:
            part = item.unit_price * item.quantity * weight / whole
            weights[home.rate] = weights.get(home.rate, ZERO) + part
    order = sorted(weights, reverse=True)

    def bare(price: Decimal) -> Decimal:
        parts = split_money(price, [weights[home] for home in order], terms.currency)
        pairs = zip(order, parts, strict=True)
        return sum((without_tax(part, rate=home, currency=terms.currency) for home, part in pairs), ZERO)

    return replace(rate, price=bare(rate.price), full_price=bare(rate.full_price))
