"""A shop whose prices are without tax says so at the foot of every page, and adds the tax where the shopper sees it."""

from typing import Any

import pytest
from django.test import Client

from tests.shopfloor import make_draft, make_product, quote_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR07")]


@pytest.mark.parametrize(
    ("is_gross", "words"),
    [(True, "All prices include VAT."), (False, "Prices are without VAT; it is added in the basket.")],
)
def test_the_foot_of_the_page_says_how_prices_read(settings: Any, is_gross: bool, words: str) -> None:
    settings.PRICES_INCLUDE_TAX = is_gross
    page = Client().get("/basket/").content.decode()
    assert words in page
    assert ("All prices include VAT" in page) is is_gross


def test_the_same_price_is_the_total_or_grows_by_the_tax(settings: Any) -> None:
    draft = make_draft(make_product(price="100.00"))
    totals = []
    for settings.PRICES_INCLUDE_TAX in (True, False):
        quote = quote_of(draft)
        totals.append((str(quote.goods_total), str(quote.lines[0].gross), str(quote.total_net), str(quote.total)))
    assert totals == [("100.00", "100.00", "88.15", "104.90"), ("100.00", "119.00", "104.90", "124.83")]
