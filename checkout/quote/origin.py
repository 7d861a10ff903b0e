"""Below the threshold of the EU a small seller may charge home's tax on sales to consumers in other member states."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings

from checkout.quote.figures import Item
from checkout.quote.tax_math import without_taxes
from checkout.quote.terms import rate_shares
from checkout.tax.oss import is_above_threshold
from checkout.tax.rates import MissingTaxRate, RateTable, is_in_eu
from checkout.tax.zones import Place
from shop.money import ZERO


def is_taxed_at_home(place: Place, items: Sequence[Item], home: RateTable, *, on: date) -> bool:
    """Only when the merchant chose so, and with this order the sales of the year are still within the threshold."""
    if not settings.EU_SALES_TAXED_AT_HOME or not is_in_eu(home.country) or not is_in_eu(place.country):
        return False
    if place.country == home.country or place.is_outside:
        return False
    try:
        adding = sum((_net(item, home) for item in items), ZERO)
    except MissingTaxRate:
        return False
    return not is_above_threshold(adding=adding, on=on)


def _net(item: Item, home: RateTable) -> Decimal:
    whole = item.unit_price * item.quantity
    if not settings.PRICES_INCLUDE_TAX:
        return whole
    shares = [(rate.rate, weight) for rate, weight in rate_shares(item, home)]
    return without_taxes(whole, shares=shares, currency=settings.SHOP_CURRENCY)
