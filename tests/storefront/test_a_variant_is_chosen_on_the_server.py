"""The picker says in text what is sold out or not made, and only the variant that is shown can be bought."""

import re

import pytest
from django.test import Client
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Product, ProductAttributeValue

from catalog.search.index import refresh_documents
from tests.shopfloor import make_axis, make_product, make_product_class, open_shop
from tests.storefront.conftest import SmallShop

pytestmark = pytest.mark.feature("SF07")


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def _bought(page: str) -> str | None:
    """What the button of the basket's form would send; other forms name the variant too."""
    found = re.search(r'action="/basket/add/\d+/"[^>]*>\s*<input type="hidden" name="variant" value="(\d+)"', page)
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


def test_of_three_options_with_eight_values_each_missing_or_sold_out_one_is_marked_in_words(
    client: Client, db: None
) -> None:
    """512 combinations, of which 24 are made: each value with two others, every sixth of those sold out."""
    open_shop()
    tile = Product.objects.create(
        structure=Product.PARENT, product_class=make_product_class(), title="Tile", slug="tile", is_public=True
    )
    axes = {code: make_axis(tile, code, position=place) for place, code in enumerate(("hue", "form", "glaze"))}
    made: dict[tuple[int, int, int], bool] = {}
    for number in range(24):
        key = (number % 8, (number * 3) % 8, (number * 5 + number // 8) % 8)
        made[key] = number % 6 != 5
        child = make_product(f"Tile {number}", parent=tile, stock=3 if made[key] else 0)
        for (code, attribute), value in zip(axes.items(), key, strict=True):
            ProductAttributeValue.objects.create(product=child, attribute=attribute, value_text=f"{code} {value}")
    refresh_documents([tile.pk])
    hue, form, glaze = next(iter(made))
    page = client.get("/p/tile/", {"hue": f"hue {hue}", "form": f"form {form}", "glaze": f"glaze {glaze}"}).text
    words = _words(page)
    assert page.count('type="radio"') == 24
    for place, (code, chosen) in enumerate((("hue", hue), ("form", form), ("glaze", glaze))):
        for value in range(8):
            wanted = [hue, form, glaze]
            wanted[place] = value
            others = [f"{name} {one}" for name, one in (("hue", hue), ("form", form), ("glaze", glaze)) if name != code]
            state = made.get((wanted[0], wanted[1], wanted[2]))
            note = {None: f" (not in {', '.join(others)})", False: " (sold out)", True: ""}[state]
            assert f"{code} {value}{note}" in words
            assert value != chosen or state is True
    impossible = {"option_hue": f"hue {hue}", "option_form": f"form {(form + 1) % 8}", "option_glaze": f"glaze {glaze}"}
    answer = client.post(f"/basket/add/{tile.pk}/", {**impossible, "quantity": "1"}, follow=True)
    assert "does not come in" in answer.text
    assert not BasketLine.objects.exists()
    sold_out = next(key for key, is_there in made.items() if not is_there)
    gone = dict(zip(("option_hue", "option_form", "option_glaze"), sold_out, strict=True))
    gone = {name: f"{name.removeprefix('option_')} {value}" for name, value in gone.items()}
    assert "is sold out" in client.post(f"/basket/add/{tile.pk}/", gone, follow=True).text
    assert not BasketLine.objects.exists()


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
