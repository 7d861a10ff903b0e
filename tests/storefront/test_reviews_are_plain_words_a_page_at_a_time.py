"""Reviews on the product's page and on their own: plain words only, a histogram, twenty to a page."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from oscar.apps.catalogue.models import Product
from oscar.apps.catalogue.reviews.models import ProductReview

from catalog.search.index import refresh_documents
from checkout.reviews.plain_text import REMOVED, plain_line, plain_paragraphs
from tests.shopfloor import make_product, open_shop

pytestmark = pytest.mark.feature("SF09")

SPAM = [
    "<script>alert(1)</script>Nice",
    '<a href="https://pills.example">cheap</a>',
    "see https://pills.example/x?y=1 now",
    "see HTTP://PILLS.example now",
    "javascript://pills.example/%0aalert(1)",
    "www.pills.example",
    "www . pills.example",
    "pills.com/buy",
    "write to bot@pills.example",
    "[url=https://pills.example]here[/url]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '"><img src=x onerror=alert(1)>',
]


def write_reviews(product: Product, scores: list[int], *, body: str = "Good to have.") -> None:
    ProductReview.objects.bulk_create(
        ProductReview(product=product, score=score, title=f"Said {number:03d}", body=body, name="Jo", status=1)
        for number, score in enumerate(scores)
    )
    product.update_rating()
    refresh_documents([product.pk])


@pytest.fixture
def lamp(db: None) -> Product:
    open_shop()
    return make_product("Moon lamp")


@pytest.mark.parametrize("text", SPAM)
def test_spam_is_neither_a_link_nor_a_script_however_it_came_in(client: Client, lamp: Product, text: str) -> None:
    write_reviews(lamp, [5], body=text)
    ProductReview.objects.update(title=text[:250], name=text[:250])
    for address in (f"/p/{lamp.slug}/", f"/p/{lamp.slug}/reviews/"):
        page = client.get(address).text
        (shown,) = re.findall(r'<article class="review">.*?</article>', page, flags=re.DOTALL)
        assert "<a " not in shown
        assert "<script" not in shown
        assert "<img" not in shown
        assert "pills" not in html.unescape(shown).replace("alert(1)", "")


def test_what_people_say_on_the_home_page_is_plain_too(client: Client, lamp: Product) -> None:
    write_reviews(lamp, [5], body="Warm and quiet, see www.pills.example for more of it.")
    page = client.get("/").text
    assert "Warm and quiet" in page
    assert "pills" not in page


def test_ordinary_words_are_left_alone() -> None:
    said = "5 < 6 & so on: 12.5 cm wide.It holds. Tea at 80°C.\n\nBought in 2024/25."
    assert plain_paragraphs(said) == said
    assert plain_line(" two\n lines ") == "two lines"
    assert plain_paragraphs("look at shop.com") == f"look at {REMOVED}"


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once_and_leaves_no_tag(text: str) -> None:
    once = plain_paragraphs(plain_paragraphs(text))
    assert plain_paragraphs(once) == once
    assert "\x00" not in once


def test_the_histogram_and_the_average_are_those_of_the_raw_rows(client: Client, lamp: Product) -> None:
    write_reviews(lamp, [5] * 3 + [4] * 2 + [1])
    ProductReview.objects.create(product=lamp, score=1, title="Waits", body="Not read yet.", name="X", status=0)
    page = client.get(f"/p/{lamp.slug}/").text
    assert 'aria-label="4.0 of 5 stars"' in page
    assert re.findall(r'<meter min="0" max="100" value="(\d+)"', page) == ["50", "33", "0", "0", "17"]
    assert "Waits" not in page


def test_each_review_is_on_exactly_one_page_and_strange_pages_are_answered(client: Client, lamp: Product) -> None:
    write_reviews(lamp, [5, 4, 3] * 15)
    assert "Read all 45 reviews" in client.get(f"/p/{lamp.slug}/").text
    seen = []
    for number in (1, 2, 3):
        seen += re.findall(r"<h3>(Said \d+)</h3>", client.get(f"/p/{lamp.slug}/reviews/?page={number}").text)
    assert sorted(seen) == [f"Said {number:03d}" for number in range(45)]
    for query in ("page=0", "page=abc", "page=99", "stars=9", "stars=x", "stars=1", "page=-1&stars=5"):
        assert client.get(f"/p/{lamp.slug}/reviews/?{query}").status_code == 200
    only = client.get(f"/p/{lamp.slug}/reviews/?stars=4").text
    assert len(re.findall(r'<article class="review">', only)) == 15
    assert "noindex" in only
    assert client.get("/p/nothing/reviews/").status_code == 404


def test_pages_of_reviews_ask_the_same_questions_for_one_and_for_many(client: Client, lamp: Product) -> None:
    counts = []
    for scores in ([5], [4] * 60):
        write_reviews(lamp, scores)
        for address in (f"/p/{lamp.slug}/", f"/p/{lamp.slug}/reviews/"):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 10
    assert counts[1] <= 4


def test_without_a_review_the_page_says_so_and_shows_how(client: Client, lamp: Product) -> None:
    refresh_documents([lamp.pk])
    page = client.get(f"/p/{lamp.slug}/").text
    assert "Nobody has reviewed this yet" in page
    assert f'href="/account/review/{lamp.pk}/"' in page
    assert client.get(f"/p/{lamp.slug}/reviews/").status_code == 200
