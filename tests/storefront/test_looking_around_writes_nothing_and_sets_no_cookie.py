"""Pages that anybody sees are the same for everybody: no cookie, no token, no write, nothing to vary by cookie."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.storefront.conftest import SmallShop

PAGES = [
    "/",
    "/c/living/lamps/?colour=Sage&sort=price&page=2",
    "/search/?q=lamp",
    "/search/suggest/?q=lam",
    "/p/cushion/?colour=Sage",
    "/info/delivery/",
    "/nothing/here/",
]
# The one exception: a page that is not there may be counted (at most once in two seconds, nothing about who asked).
COUNTED = "addresses_missedaddress"
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|SAVEPOINT|SELECT .* FOR (NO KEY )?UPDATE)", re.IGNORECASE | re.DOTALL)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_sets_no_cookie_and_writes_nothing(client: Client, small_shop: SmallShop, address: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert b"csrfmiddlewaretoken" not in response.content
    writes = [query["sql"] for query in captured if WRITES.match(query["sql"])]
    assert response.status_code == 404 or writes == []
    assert [sql for sql in writes if COUNTED not in sql and "SAVEPOINT" not in sql] == []


@pytest.mark.parametrize("address", PAGES[:-1])
def test_a_page_is_the_same_for_two_visitors(small_shop: SmallShop, address: str) -> None:
    first, second = Client().get(address), Client(headers={"cookie": "basket_count=3; sessionid=abc"}).get(address)
    assert first.content == second.content


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_not_changed_by_posting_to_it(client: Client, small_shop: SmallShop, address: str) -> None:
    assert client.post(address).status_code in {404, 405}
