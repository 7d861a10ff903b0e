"""Home, category, search and product ask the same number of questions at 10 and at 1,000 products."""

import re
from collections import Counter

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


def _list_questions(client: Client, address: str) -> Counter[str]:
    """What the page asks, with the values left out: a question that returns is a question in a loop."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return Counter(re.sub(r"'[^']*'|\b\d+\b", "?", " ".join(query["sql"].split()))[:160] for query in captured)


def _name_culprits(address: str, questions: Counter[str], *, ceiling: int, known: Counter[str]) -> str:
    listed = "\n".join(f"{count} x {question}" for question, count in (questions - known or questions).most_common())
    return f"{address} asks {questions.total()} questions, at most {ceiling} are allowed. Too many are:\n{listed}"


@pytest.mark.feature("SF11")
@pytest.mark.parametrize("address", CEILINGS)
def test_a_page_asks_the_same_questions_of_ten_and_of_a_thousand_products(client: Client, address: str) -> None:
    open_shop()
    fill_shelf(10)
    few = _list_questions(client, address)
    fill_shelf(1000, category=make_category("Living", "Lamps"))
    many = _list_questions(client, address)
    ceiling = min(CEILINGS[address], few.total())
    assert few.total() <= CEILINGS[address], _name_culprits(address, few, ceiling=CEILINGS[address], known=Counter())
    assert many.total() == few.total(), _name_culprits(address, many, ceiling=ceiling, known=few)


@pytest.mark.feature("SF11")
def test_a_product_page_asks_the_same_questions_for_one_variant_and_for_sixty(client: Client) -> None:
    open_shop()
    few, _ = make_variants("Throw", values=["Sage", "Clay"])
    many, _ = make_variants("Cushion", values=[f"Colour {number}" for number in range(60)], compare_at="20.00")
    refresh_documents([few.pk, many.pk])
    one, sixty = (_list_questions(client, f"/p/{product.slug}/") for product in (few, many))
    assert one.total() <= 10, _name_culprits(few.slug, one, ceiling=10, known=Counter())
    # A reduced variant has its price history looked up, once for all.
    assert one.total() <= sixty.total() <= 10, _name_culprits(many.slug, sixty, ceiling=10, known=one)


def test_a_planted_loop_is_named() -> None:
    calm, looping = Counter({"SELECT a": 1}), Counter({"SELECT a": 1, "SELECT price WHERE id = ?": 24})
    words = _name_culprits("/c/lamps/", looping, ceiling=12, known=calm)
    assert words.startswith("/c/lamps/ asks 25 questions, at most 12 are allowed.")
    assert "24 x SELECT price WHERE id = ?" in words
    assert "SELECT a" not in words
