"""Home, category, search and product ask the same number of questions at 10 and at 1,000 products."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.search.index import refresh_documents
from tests.shopfloor import make_category, make_variants, open_shop
from tests.storefront.shelf import fill_shelf

pytestmark = pytest.mark.django_db

CEILINGS = {
    "/": 12,
    "/c/living/lamps/": 12,
    "/c/living/lamps/?colour=Sage&material=Linen&min_price=1&in_stock=1&sort=price": 12,
    "/search/?q=lamp": 12,
    "/search/?q=nothing-like-this": 12,
    "/search/suggest/?q=lam": 4,
    "/p/lamp-0001/": 10,
}


def _count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.feature("SF11")
@pytest.mark.parametrize("address", CEILINGS)
def test_a_page_asks_the_same_questions_of_ten_and_of_a_thousand_products(client: Client, address: str) -> None:
    open_shop()
    fill_shelf(10)
    few = _count(client, address)
    fill_shelf(1000, category=make_category("Living", "Lamps"))
    many = _count(client, address)
    assert many <= CEILINGS[address]
    assert few == many


@pytest.mark.feature("SF11")
def test_a_product_page_asks_the_same_questions_for_one_variant_and_for_sixty(client: Client) -> None:
    open_shop()
    few, _ = make_variants("Throw", values=["Sage", "Clay"])
    many, _ = make_variants("Cushion", values=[f"Colour {number}" for number in range(60)], compare_at="20.00")
    refresh_documents([few.pk, many.pk])
    assert _count(client, f"/p/{few.slug}/") <= _count(client, f"/p/{many.slug}/") <= 10
