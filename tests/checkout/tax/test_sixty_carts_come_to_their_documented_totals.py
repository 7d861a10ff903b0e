"""Sixty carts from six countries against a table that was worked out apart from the shop, as quote, order and invoice."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from oscar.apps.order.models import Order

from checkout.invoices.figures import invoice_figures
from checkout.invoices.sheet import words_of
from checkout.models import TaxRate, TaxZone
from checkout.quote.build import build_quote
from checkout.quote.figures import Quote
from checkout.quote.trace import read_trace, replay
from shop.money import format_money
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
    check_invoice(case, quote)


def check_invoice(case: Case, quote: Quote) -> None:
    """The paper's figures are the cart's: in total, by rate, and as the sum of its lines; and so are those it prints."""
    order = Order(number="LL-1", currency=case.currency, date_placed=timezone.now(), guest_email="ada@example.com")
    stored = json.loads(json.dumps(quote.to_json()))
    figures = invoice_figures(order, stored, issued_on=date(2026, 11, 2), paid=quote.total)
    assert [Decimal(figures[name]) for name in ("total_net", "total_tax", "total")] == [case.net, case.tax, case.total]
    for rows in (figures["taxes"], figures["lines"]):
        for name, sum_of_all in (("net", case.net), ("tax", case.tax), ("gross", case.total)):
            assert sum(Decimal(row[name]) for row in rows) == sum_of_all
    paper = words_of({**figures, "label": "R-1"})
    assert [paper[name] for name in ("total_net", "total_tax", "total")] == [
        format_money(amount, case.currency) for amount in (case.net, case.tax, case.total)
    ]
