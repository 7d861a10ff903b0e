"""404 proposes products for the words of the address; 500 needs neither database nor context."""

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, RequestFactory

from catalog.addresses.proposing import words_of
from shop.storefront.not_found import show_failure
from tests.storefront.conftest import SmallShop


def test_products_with_the_words_of_the_address_are_proposed(client: Client, small_shop: SmallShop) -> None:
    page = client.get("/old-shop/cushion-123.htm/")
    assert page.status_code == 404
    assert 'href="/p/cushion/"' in page.text
    assert "We searched the shop for" in page.text


@pytest.mark.parametrize("address", ["/wp-login.php", "/a/b/c.png", "/.env"])
def test_robots_looking_for_holes_cost_no_search(client: Client, small_shop: SmallShop, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 404
    assert "We searched" not in page.text


@pytest.mark.parametrize(
    ("path", "words"),
    [("/p/blue-lamp-3/", "blue lamp"), ("/", ""), ("/search/", ""), ("/<script>/", "script"), ("/x" * 300, "")],
)
def test_words_are_read_from_paths_of_any_kind(path: str, words: str) -> None:
    assert words_of(path) == words


def test_the_page_of_a_failure_is_shown_with_no_database_behind_it(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)
    request = rf.get("/")
    request.META["REQUEST_ID"] = "abc-123"
    answer = show_failure(request)
    assert answer.status_code == 500
    assert b"abc-123" in answer.content
