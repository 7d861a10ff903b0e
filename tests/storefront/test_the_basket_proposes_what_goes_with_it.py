"""Below the basket: what is bought together with its things, then what sells beside them; nothing twice, nothing sold out."""

import re

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Product

from catalog.search.index import refresh_documents
from catalog.together import BoughtTogether
from checkout.models import PlacedOrder
from checkout.together import count_bought_together
from inventory.models import StockLevel
from tests.shopfloor import make_category, make_order, make_product, make_variants, open_shop, record_of

pytestmark = [pytest.mark.django_db]


def names_below(client: Client) -> list[str]:
    page = client.get("/basket/").text
    found = re.search(r'<section[^>]*aria-labelledby="suggestions-rail">.*?</section>', page, re.DOTALL)
    return re.findall(r'<h3 class="card-name"><a[^>]*>([^<]+)<', found[0]) if found else []


def put_in(client: Client, *products: Product) -> None:
    for product in products:
        client.post(f"/basket/add/{product.pk}/")


def sell_together(*products: Product) -> None:
    PlacedOrder.objects.filter(order=make_order(*products)).update(paid_at=Now())


def test_what_is_bought_together_comes_before_what_stands_on_the_same_shelf(client: Client) -> None:
    open_shop()
    lamps, tea = make_category("Lighting", "Lamps"), make_category("Tea")
    lamp, other = (make_product(name, category=lamps) for name in ("Lamp", "Other lamp"))
    gone = make_product("Gone lamp", category=lamps, stock=0)
    green, cord, far = make_product("Green tea", category=tea), make_product("Cord"), make_product("Far away")
    for pair in ((lamp, cord), (lamp, cord), (green, lamp)):
        sell_together(*pair)
    count_bought_together()
    BoughtTogether.objects.create(product=lamp, other=gone, orders=9)
    refresh_documents([one.pk for one in (lamp, other, gone, green, cord, far)])
    assert names_below(client) == []
    put_in(client, lamp)
    assert names_below(client) == ["Cord", "Green tea", "Other lamp"]
    put_in(client, green)
    assert names_below(client) == ["Cord", "Other lamp"]
    assert "Bought together with what is in your basket" in client.get("/basket/").text
    Product.objects.filter(pk=cord.pk).update(is_public=False)
    refresh_documents([cord.pk])
    assert names_below(client) == ["Other lamp"]


def test_a_variant_in_the_basket_stands_for_its_product(client: Client) -> None:
    open_shop()
    cushion, children = make_variants("Cushion", values=["Sage", "Clay"])
    throw = make_product("Throw")
    sell_together(children["Sage"], throw)
    count_bought_together()
    refresh_documents([cushion.pk, throw.pk])
    client.post(f"/basket/add/{cushion.pk}/", {"variant": children["Clay"].pk})
    assert names_below(client) == ["Throw"]
    put_in(client, throw)
    assert names_below(client) == []


def test_it_costs_the_same_for_one_thing_and_for_twelve_of_six_categories(client: Client) -> None:
    open_shop()
    shelves = [make_category(f"Shelf {number}") for number in range(6)]
    things = [make_product(category=shelves[number % 6]) for number in range(18)]
    refresh_documents([one.pk for one in things])
    counts = {}
    for some in (things[:1], things[1:12]):
        put_in(client, *some)
        client.get("/basket/")
        with CaptureQueriesContext(connection) as queries:
            shown = names_below(client)
        assert shown
        counts[len(some)] = len(queries)
    assert counts[1] == counts[11] <= 25, counts


def test_nothing_goes_with_a_basket_of_which_nothing_can_be_had(client: Client) -> None:
    open_shop()
    shelf = make_category("Lamps")
    lamp, other, bulb = (make_product(name, category=shelf) for name in ("Lamp", "Other lamp", "Bulb"))
    refresh_documents([lamp.pk, other.pk, bulb.pk])
    put_in(client, lamp)
    assert names_below(client) == ["Other lamp", "Bulb"]
    StockLevel.objects.filter(stock_record=record_of(lamp)).update(buffer=1_000)
    assert names_below(client) == []
    put_in(client, bulb)
    assert names_below(client) == ["Other lamp"]
