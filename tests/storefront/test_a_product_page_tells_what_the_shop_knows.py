"""Description, facts, reviews, reductions and structured data: equal to the rows, safe, and left out when unknown."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from oscar.apps.catalogue.models import ProductRecommendation

from catalog.models import PriceChange
from catalog.search.index import refresh_documents
from tests.shopfloor import make_product, make_product_class, open_shop, record_of
from tests.storefront.conftest import SmallShop


def _data(page: str) -> dict[str, dict]:
    things = [
        thing
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        for thing in json.loads(block)["@graph"]
    ]
    return {thing["@type"]: thing for thing in things}


@pytest.mark.feature("CO05")
def test_structured_data_equals_the_page(client: Client, small_shop: SmallShop) -> None:
    data = _data(client.get("/p/cushion/?colour=Sage&size=Large").text)
    product = data["Product"]
    assert product["offers"]["price"] == "32.00"
    assert product["offers"]["priceCurrency"] == "EUR"
    assert product["offers"]["availability"] == "https://schema.org/InStock"
    assert product["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": "4.5", "reviewCount": 2}
    assert "brand" not in product
    crumbs = [entry["name"] for entry in data["BreadcrumbList"]["itemListElement"]]
    assert crumbs == ["Home", "Living", "Cushions", "Cushion"]


@pytest.mark.feature("SF09")
def test_reviews_show_what_was_approved_and_no_markup(client: Client, small_shop: SmallShop) -> None:
    page = client.get("/p/cushion/").text
    assert "Softer with every wash." in page
    assert "Buy pills" not in page
    assert 'data-stars="4.5"' in page


def test_a_description_keeps_its_paragraphs_and_loses_its_scripts(client: Client, db: None) -> None:
    product = make_product("Throw")
    product.description = (
        '<p onclick="x()">Wool.</p><script>alert(1)</script><style>p{}</style><img src=x onerror=y>'
        '<a href="javascript:alert(2)">here</a> <a href="https://example.org/">there</a></script>'
    )
    product.save()
    page = client.get(f"/p/{product.slug}/").text
    assert "<p>Wool.</p>" in page
    assert "alert(1)" not in page
    assert "onclick" not in page
    assert "onerror" not in page
    assert "javascript:" not in page
    assert 'href="https://example.org/"' in page


def test_plain_text_is_escaped_and_gets_paragraphs(client: Client, db: None) -> None:
    product = make_product("Bowl")
    product.description = "Fired twice & cooled slowly.\n\nHolds 600 ml."
    product.save()
    page = client.get(f"/p/{product.slug}/").text
    assert "<p>Fired twice &amp; cooled slowly.</p>" in page


def test_beside_a_reduction_stands_the_lowest_price_of_the_thirty_days_before(client: Client, db: None) -> None:
    product = make_product("Lamp", price="80.00", compare_at="120.00")
    record = record_of(product)
    for days, price, compare_at in ((60, "120.00", None), (20, "95.00", None), (3, "80.00", "120.00")):
        PriceChange.objects.create(
            stock_record=record,
            sku=record.partner_sku,
            price=Decimal(price),
            compare_at_price=Decimal(compare_at) if compare_at else None,
            currency="EUR",
            effective_at=timezone.now() - timedelta(days=days),
            actor_name="tests",
            reason="test",
        )
    page = client.get(f"/p/{product.slug}/").text
    assert "Lowest price in 30 days: 95.00 EUR" in page


def test_units_stand_beside_their_figures(client: Client, db: None) -> None:
    product = make_product("Vase")
    attribute = product.product_class.attributes.create(name="Height cm", code="height_cm", type="text")
    product.attribute_values.create(attribute=attribute, value_text="21")
    page = client.get(f"/p/{product.slug}/").text
    assert '<th scope="row">Height</th><td>21 cm</td>' in page


@pytest.mark.feature("SF08")
def test_what_staff_chose_goes_first_and_nothing_sold_out_is_proposed(client: Client, small_shop: SmallShop) -> None:
    chosen = small_shop.lamps[21]
    sold_out = small_shop.lamps[6]
    for one in (chosen, sold_out):
        ProductRecommendation.objects.create(primary=small_shop.cushion, recommendation=one, ranking=1)
    related = client.get("/p/cushion/").text.split('id="related"')[1]
    assert re.findall(r'href="/p/([^"]+)/"', related)[0] == chosen.slug
    assert sold_out.slug not in related


def test_a_product_of_nobody_still_has_a_page(client: Client, db: None) -> None:
    """No category, no picture, no attribute, no review, no delivery: nothing is guessed, nothing breaks."""
    product = make_product("Alone", product_class=make_product_class("Service", track_stock=False), stock=0)
    page = client.get(f"/p/{product.slug}/")
    assert page.status_code == 200
    assert "In stock" in page.text
    assert "We do not send to Germany yet" in page.text
    assert "aggregateRating" not in page.text


def test_a_product_that_is_not_public_is_not_found(client: Client, small_shop: SmallShop) -> None:
    lamp = small_shop.lamps[0]
    lamp.is_public = False
    lamp.save()
    refresh_documents([lamp.pk])
    assert client.get(f"/p/{lamp.slug}/").status_code == 404
    assert lamp.slug not in client.get("/c/living/lamps/?sort=price").text


def test_the_promise_of_delivery_names_days_and_price(client: Client, db: None) -> None:
    open_shop()
    page = client.get(f"/p/{make_product('Mug').slug}/").text
    assert re.search(r"Arrives \w{3} \d+ .*, 4\.90 EUR", page)
