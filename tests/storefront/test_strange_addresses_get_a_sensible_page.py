"""Whatever stands in an address: never an error page, one documented answer, one canonical name."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import SimpleTestCase

from shop.storefront.list_address import read_address, write_address
from tests.storefront.conftest import SmallShop


def _canonical(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    found = re.search(r'<link rel="canonical" href="http://testserver([^"]*)"', page.text)
    assert found
    return found[1].replace("&amp;", "&")


@pytest.mark.feature("SF02")
@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "1.5", "１", "9" * 400, "%00", "1'--"])
def test_a_page_number_that_is_none_is_page_one(client: Client, small_shop: SmallShop, page: str) -> None:
    assert _canonical(client, f"/c/living/lamps/?page={page}") == "/c/living/lamps/"


@pytest.mark.feature("SF02")
@pytest.mark.parametrize("page", ["3", "4", "999999"])
def test_a_page_after_the_last_is_the_last(client: Client, small_shop: SmallShop, page: str) -> None:
    assert _canonical(client, f"/c/living/lamps/?page={page}") == "/c/living/lamps/?page=2"


@pytest.mark.feature("SF03")
def test_unknown_filters_are_dropped_named_and_left_out_of_the_canonical_address(
    client: Client, small_shop: SmallShop
) -> None:
    address = "/c/living/lamps/?colour=Purple&colour=Sage&utm_source=mail&nonsense=1"
    assert _canonical(client, address) == "/c/living/lamps/?colour=Sage"
    page = client.get(address).text
    assert "No product has Colour “Purple”" in page
    assert "utm_source" not in page


@pytest.mark.feature("SF03")
def test_filters_in_any_order_have_one_canonical_address(client: Client, small_shop: SmallShop) -> None:
    one = _canonical(client, "/c/living/lamps/?material=Oak&colour=Sage&colour=Clay&max_price=40,00&min_price=")
    other = _canonical(client, "/c/living/lamps/?colour=Clay&colour=Sage&max_price=40&material=Oak&page=x")
    assert one == other == "/c/living/lamps/?colour=Clay&colour=Sage&material=Oak&max_price=40"


@pytest.mark.parametrize("amount", ["abc", "NaN", "Infinity", "-5", "1e999999", "9" * 60, "%00"])
def test_a_price_that_is_none_is_left_out_with_a_sentence(client: Client, small_shop: SmallShop, amount: str) -> None:
    page = client.get(f"/c/living/lamps/?min_price={amount}")
    assert page.status_code == 200
    if amount != "%00":
        assert "is not an amount like 24.90" in page.text


@pytest.mark.feature("SF04")
@pytest.mark.parametrize(
    "words",
    [
        "lamp " * 2000,
        "x" * 10_240,
        "\x00\x01\x1b lamp \x7f",
        "'; DROP TABLE catalogue_product; --",
        "lamp:* & !((",
        "%' OR 1=1 --",
        "<script>alert(1)</script>",
        "\u202e\u200b\ufeff lamp",
        "🪔" * 300,
        "\\",
    ],
)
def test_any_question_gets_an_answer(client: Client, small_shop: SmallShop, words: str) -> None:
    page = client.get(f"/search/?q={quote(words)}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    if len(words.strip()) > 200:
        assert "first 200 characters" in page.text
    assert client.get(f"/search/suggest/?q={quote(words)}").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/c/%00/", "/c/living/%00/", "/p/%00/", "/p/..%2f..%2fetc/", "/c/" + "a/" * 60, "/info/nothing/", "/p/unknown/"],
)
def test_what_is_not_here_is_not_found(client: Client, small_shop: SmallShop, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("value", ["Purple", "", "\x00", "x" * 5000, "<em>"])
def test_a_forged_option_is_refused_in_words_and_the_page_stands(
    client: Client, small_shop: SmallShop, value: str
) -> None:
    page = client.get(f"/p/cushion/?colour={quote(value)}&size=Small&variant=99999999999999999999")
    assert page.status_code == 200
    if value.strip("\x00"):
        assert "is not one of the choices here" in page.text
    assert "<em>" not in page.text


class AddressTests(SimpleTestCase):
    """Reading is total, and what it writes reads as the same again."""

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["q", "page", "sort", "min_price", "max_price", "in_stock", "colour", "a b", "x-y"]),
                st.text(max_size=40) | st.sampled_from(["1", "2", "price", "10.50", "Sage", "-price", "0"]),
            ),
            max_size=12,
        )
    )
    def test_the_canonical_address_is_a_fixed_point(self, pairs: list[tuple[str, str]]) -> None:
        query = urlencode(pairs, errors="replace")
        asked = read_address(QueryDict(query))
        written = write_address("/search/", asked)
        again = read_address(QueryDict(written.partition("?")[2]))
        assert write_address("/search/", again) == written
