"""JSON-LD of every kind of page fits the stored schema, equals what the page shows, and leaves out what is unknown."""

import json
import re
from typing import Any

import pytest
from django.test import Client, override_settings
from oscar.apps.catalogue.models import Product

from shop.storefront.promises import RETURN_DAYS
from tests.shopfloor import make_product, open_shop
from tests.storefront.conftest import SmallShop
from tests.storefront.schema_check import find_problems, load_schema

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CO05")]


def _blocks(page: str) -> list[dict[str, Any]]:
    return [
        json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    ]


def _things(client: Client, address: str) -> tuple[dict[str, dict[str, Any]], str]:
    page = client.get(address).text
    things = {thing["@type"]: thing for block in _blocks(page) for thing in block["@graph"]}
    return things, page


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("/", {"Organization", "WebSite"}),
        ("/c/living/lamps/", {"BreadcrumbList", "ItemList"}),
        ("/c/living/lamps/?page=2", {"BreadcrumbList", "ItemList"}),
        ("/p/cushion/?colour=Sage&size=Large", {"BreadcrumbList", "Product"}),
        ("/p/cushion/?colour=Clay&size=Large", {"BreadcrumbList", "Product"}),
        ("/p/lamp-0001/", {"BreadcrumbList", "Product"}),
        ("/info/returns/", {"BreadcrumbList"}),
    ],
)
def test_every_page_fits_the_schema(client: Client, small_shop: SmallShop, address: str, kinds: set[str]) -> None:
    schema = load_schema("structured_data")
    things, page = _things(client, address)
    assert set(things) == kinds
    assert [problem for block in _blocks(page) for problem in find_problems(block, schema)] == []


def test_the_schema_can_fail() -> None:
    schema = load_schema("structured_data")
    good: dict[str, Any] = {
        "@context": "https://schema.org",
        "@graph": [{"@type": "Product", "name": "x", "url": "https://a.b/"}],
    }
    assert find_problems(good, schema) == []
    for wrong in (
        {"@graph": []},
        good | {"@graph": [{"@type": "Product"}]},
        good | {"more": 1},
        good | {"@graph": [good["@graph"][0] | {"gtin": "12"}]},
    ):
        assert find_problems(wrong, schema)


def test_the_offer_equals_the_page(client: Client, small_shop: SmallShop) -> None:
    things, page = _things(client, "/p/cushion/?colour=Sage&size=Large")
    offer = things["Product"]["offers"]
    text = re.sub(r"<[^>]+>", " ", page.split("<main")[1])
    assert "32.00 EUR" in re.sub(r"\s+", " ", text)
    asked, former = offer["priceSpecification"]
    assert (offer["price"], asked["price"], former["price"]) == ("32.00", "32.00", "40.00")
    assert "40.00 EUR" in re.sub(r"\s+", " ", text)
    assert asked["valueAddedTaxIncluded"] is True
    assert f"{RETURN_DAYS} days to send it back" in text
    assert offer["hasMerchantReturnPolicy"]["merchantReturnDays"] == RETURN_DAYS
    assert (
        client.get(offer["hasMerchantReturnPolicy"]["merchantReturnLink"].removeprefix("http://testserver")).status_code
        == 200
    )
    rate = offer["shippingDetails"]["shippingRate"]["value"]
    assert f"{rate} EUR" in text
    days = offer["shippingDetails"]["deliveryTime"]["transitTime"]
    assert days["minValue"] <= days["maxValue"]


def test_what_is_sold_out_or_not_made_is_told_as_the_page_tells_it(client: Client, small_shop: SmallShop) -> None:
    things, page = _things(client, "/p/cushion/?colour=Clay&size=Small")
    assert "Sold out" in page
    assert things["Product"]["offers"]["availability"] == "https://schema.org/OutOfStock"
    things, page = _things(client, "/p/cushion/?colour=Clay&size=Large")
    assert "Clay and Large is not made" in page
    assert "offers" not in things["Product"]


def test_what_is_not_known_is_left_out(client: Client) -> None:
    bare = make_product("Bare thing", price="5.00")
    Product.objects.filter(pk=bare.pk).update(upc=None, description="")
    product = _things(client, f"/p/{bare.slug}/")[0]["Product"]
    assert {"description", "image", "brand", "gtin", "aggregateRating"}.isdisjoint(product)
    assert "shippingDetails" not in product["offers"]
    assert {"itemCondition", "priceValidUntil", "returnFees"}.isdisjoint(json.dumps(product).split('"'))


def test_a_number_that_is_no_gtin_is_not_told_as_one(client: Client) -> None:
    thing = make_product("Thing")
    for upc, told in (("4006381333931", "4006381333931"), ("4006381333932", None), ("OWN-7", None)):
        Product.objects.filter(pk=thing.pk).update(upc=upc)
        assert _things(client, f"/p/{thing.slug}/")[0]["Product"].get("gtin") == told


def test_a_list_names_its_products_in_their_order(client: Client, small_shop: SmallShop) -> None:
    things, page = _things(client, "/c/living/lamps/?sort=price")
    named = [entry["url"].removeprefix("http://testserver") for entry in things["ItemList"]["itemListElement"]]
    assert named == list(dict.fromkeys(re.findall(r'href="(/p/[^"#?]+)"', page.split("<main")[1])))[: len(named)]
    assert len(named) == 24


@override_settings(PRICES_INCLUDE_TAX=False)
def test_a_price_without_tax_is_told_so(client: Client) -> None:
    open_shop()
    thing = make_product("Thing")
    offer = _things(client, f"/p/{thing.slug}/")[0]["Product"]["offers"]
    assert offer["priceSpecification"][0]["valueAddedTaxIncluded"] is False
