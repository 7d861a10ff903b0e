"""Of more answers than can be weighed word by word those lead that are named so and sell most; each is on one page."""

from collections.abc import Callable

import pytest
from oscar.apps.catalogue.models import Product

from catalog.search import facets, leading
from catalog.search.popularity import set_popularity
from catalog.search.query import Query, find_products


@pytest.fixture
def sold(make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    monkeypatch.setattr(facets, "MOST_LEADERS", 6)
    named = {f"Lamps number {n}": n for n in range(8)}
    told = {f"Shade {n}": 10 + n for n in range(5)}
    ids = {title: make_product(title, description="Fits every lamp").pk for title in {**named, **told}}
    set_popularity({ids[title]: units for title, units in {**named, **told}.items()})
    return ids


def ask(page: int, *, text: str = "lamp", page_size: int = 3) -> list[str]:
    return [one.title for one in find_products(Query(text=text, page=page, page_size=page_size)).documents]


@pytest.mark.feature("SF04")
def test_what_is_named_so_leads_and_the_rest_follows_by_sales(sold: dict[str, int]) -> None:
    pages = [ask(page) for page in range(1, 6)]
    assert {title for page in pages[:2] for title in page} == {f"Lamps number {n}" for n in range(2, 8)}
    assert [title for page in pages[2:] for title in page] == [
        "Lamps number 1", "Lamps number 0", "Shade 4", "Shade 3", "Shade 2", "Shade 1", "Shade 0",
    ]  # fmt: skip


@pytest.mark.feature("SF02")
@pytest.mark.parametrize("page_size", [1, 3, 4, 5, 6, 7, 13])
def test_each_answer_is_on_one_page(sold: dict[str, int], page_size: int) -> None:
    seen = [title for page in range(1, -(-13 // page_size) + 1) for title in ask(page, page_size=page_size)]
    assert sorted(seen) == sorted(sold)


def test_few_answers_are_all_weighed(sold: dict[str, int]) -> None:
    results = find_products(Query(text="lamps number 7"))
    assert results.documents[0].title == "Lamps number 7"
    assert leading.MOST_LEADERS % 100 == 0
