import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Category

from promotions.apply import apply_offers
from promotions.offers import load_offers
from tests.promotions.merchant import ids_of, make_offer, make_product, make_range, priced

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PO02")]


def queries(products: list) -> int:
    with CaptureQueriesContext(connection) as seen:
        lines = priced(*products)
        apply_offers(lines, load_offers(product_ids=ids_of(lines)), "EUR")
    return len(seen)


def test_no_offer_and_fifty_offers_five_lines_and_fifty_lines() -> None:
    products = [make_product() for _ in range(50)]
    category = Category.add_root(name="Home")
    before = queries(products[:5])
    for number in range(50):
        of = make_range()
        of.add_product(products[number])
        of.included_categories.add(category)
        make_offer(of=of, exclusive=False).combinations.set([])
    assert queries(products[:5]) == before
    assert queries(products) == before
    # Two for the facts of the products, two for the offers.
    assert before == 4
