"""The picker says in text what is sold out or not made, and only the variant that is shown can be bought."""

import re

import pytest
from django.test import Client

from catalog.search.index import refresh_documents
from tests.shopfloor import make_product, make_variants
from tests.storefront.conftest import SmallShop

pytestmark = pytest.mark.feature("SF07")


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def _bought(page: str) -> str | None:
    found = re.search(r'type="hidden" name="variant" value="(\d+)"', page)
    return found and found[1]


def test_the_first_variant_that_can_be_bought_is_shown(client: Client, small_shop: SmallShop) -> None:
    page = client.get("/p/cushion/").text
    assert _bought(page) == str(small_shop.children["Sage", "Small"].pk)
    assert "24.00 EUR" in _words(page)


def test_the_address_chooses_and_the_price_follows(client: Client, small_shop: SmallShop) -> None:
    page = client.get("/p/cushion/?colour=Sage&size=Large").text
    assert _bought(page) == str(small_shop.children["Sage", "Large"].pk)
    assert "32.00 EUR" in _words(page)
    assert "2 left" in _words(page)


def test_a_sold_out_variant_says_so_and_has_no_button(client: Client, small_shop: SmallShop) -> None:
    page = client.get("/p/cushion/?colour=Clay&size=Small").text
    assert _bought(page) is None
    assert "Sold out" in _words(page)
    assert "Clay (sold out)" in _words(page)


def test_a_combination_that_is_not_made_is_named_in_words(client: Client, small_shop: SmallShop) -> None:
    page = client.get("/p/cushion/?colour=Clay&size=Large").text
    assert _bought(page) is None
    assert "Clay and Large is not made. Choose another combination." in _words(page)
    assert "Clay (not in Large)" in _words(page)
    assert "Large (not in Clay)" in _words(page)


def test_every_option_carries_its_state_as_text(client: Client, small_shop: SmallShop) -> None:
    words = _words(client.get("/p/cushion/?colour=Sage&size=Small").text)
    assert "Clay (sold out)" in words
    assert "Sage (" not in words


def test_with_512_combinations_each_missing_one_is_marked(client: Client, db: None) -> None:
    parent, _ = make_variants("Tile", axis="colour", values=[f"Hue {number}" for number in range(8)])
    refresh_documents([parent.pk])
    page = client.get(f"/p/{parent.slug}/?colour=Hue 3").text
    assert page.count('type="radio"') == 8
    assert page.count(" checked") == 1


def test_a_variant_of_another_product_is_not_offered(client: Client, small_shop: SmallShop) -> None:
    other = make_product("Other")
    page = client.get(f"/p/cushion/?variant={other.pk}&colour=Sage&size=Small").text
    assert _bought(page) == str(small_shop.children["Sage", "Small"].pk)


def test_a_product_without_a_price_cannot_be_bought(client: Client, db: None) -> None:
    product = make_product("Showpiece")
    product.stockrecords.update(price=None)
    page = client.get(f"/p/{product.slug}/")
    assert page.status_code == 200
    assert "Not for sale at the moment" in page.text
    assert _bought(page.text) is None


def test_variants_without_axes_are_chosen_by_name(client: Client, small_shop: SmallShop) -> None:
    small_shop.cushion.variant_axes.all().delete()
    child = small_shop.children["Sage", "Large"]
    page = client.get(f"/p/cushion/?variant={child.pk}").text
    assert _bought(page) == str(child.pk)
    assert "Cushion Clay Small (sold out)" in _words(page)
