"""Sixty carts from six countries against a table that was worked out apart from the shop, as quote, order and invoice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from checkout.models import TaxRate, TaxZone
from checkout.quote.build import build_quote
from checkout.quote.figures import Quote
from checkout.quote.trace import read_trace, replay
from tests.checkout.tax.sixty_cases import RATES, ROUNDING, Case, read_cases
from tests.shopfloor import make_basket, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR07")]

CASES = read_cases()


def quote_case(case: Case, settings: Any) -> Quote:
    """The cart in a shop of that country: its currency, its prices with or without tax."""
    settings.SHOP_COUNTRY, settings.SHOP_CURRENCY = case.country, case.currency
    settings.PRICES_INCLUDE_TAX = case.is_gross
    for tax_class, rate in zip(("standard", "reduced"), RATES[case.country], strict=True):
        TaxRate.objects.create(
            country=case.country,
            tax_class=tax_class,
            rate=Decimal(rate),
            name=tax_class,
            valid_from=date(2024, 1, 1),
        )
    if case.country in ROUNDING:
        TaxZone.objects.create(
            code=case.country, country=case.country, name=case.country, rounding=ROUNDING[case.country]
        )
    things = [
        (make_product(price=price, tax_class=tax_class, currency=case.currency), quantity)
        for price, quantity, tax_class in case.cart
    ]
    return build_quote(make_basket(*things), country=case.country)


def test_there_are_sixty_of_six_countries() -> None:
    assert len(CASES) == 60
    assert {case.country for case in CASES} == set(RATES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.country}-{case.is_gross}-{case.cart}")
def test_the_cart_comes_to(case: Case, settings: Any) -> None:
    quote = quote_case(case, settings)
    assert (quote.total_net, quote.total_tax, quote.total) == (case.net, case.tax, case.total)
    assert sum(line.tax for line in quote.lines) == sum(one.tax for one in quote.taxes) == case.tax
    again = replay(read_trace(quote.to_json()["trace"]), currency=quote.currency)
    assert (again.net, again.tax, again.total) == (case.net, case.tax, case.total)
