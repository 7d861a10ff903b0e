"""Add, change, remove: every choice and quantity gets the thing or a sentence; nothing forged gets through."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Product

from tests.shopfloor import make_basket, make_product, make_variants, open_shop, record_of

pytestmark = pytest.mark.django_db


def add(client: Client, product: Product | int, **fields: str) -> str:
    """POST the form and return the page that follows."""
    pk = product if isinstance(product, int) else product.pk
    response = client.post(f"/basket/add/{pk}/", fields, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[0][1] == 303
    return response.content.decode()


def held() -> dict[str, int]:
    return dict(BasketLine.objects.values_list("product__title", "quantity"))


def test_a_thing_is_added_and_added_again(client: Client) -> None:
    mug = make_product("Mug")
    assert "1 × Mug is in your basket." in add(client, mug)
    add(client, mug, quantity="3")
    assert held() == {"Mug": 4}
    assert Basket.objects.count() == 1
    assert client.cookies["basket_count"].value == "4"
    assert not client.cookies["basket_count"]["httponly"]
    assert client.cookies["basket"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "100", "1e3", "1.5", "abc", "", " ", "999999999999", "٣", "1;DROP", "<script>", "\x00"]
)
def test_a_quantity_that_is_none_gets_a_sentence(client: Client, quantity: str) -> None:
    page = add(client, make_product(), quantity=quantity)
    assert "quantity" in page
    assert held() == {}
    assert not Basket.objects.exists()


def test_a_parent_needs_a_choice(client: Client) -> None:
    cushion, children = make_variants("Cushion", values=("sand", "moss"))
    assert "Choose Colour of Cushion first." in add(client, cushion)
    add(client, cushion, variant=str(children["sand"].pk))
    add(client, cushion, colour="moss")
    add(client, cushion, option_colour="moss")
    add(client, children["sand"])
    assert held() == {"Cushion sand": 2, "Cushion moss": 2}
    assert "Cushion" in client.get("/basket/").content.decode()


@pytest.mark.parametrize("variant", ["0", "-1", "abc", "99999999999999999999", "1 OR 1=1", "\x00"])
def test_a_forged_variant_is_refused(client: Client, variant: str) -> None:
    cushion, _ = make_variants("Cushion")
    assert "does not come in the variant you sent" in add(client, cushion, variant=variant)
    assert held() == {}


def test_a_variant_of_another_parent_is_refused(client: Client) -> None:
    cushion, _ = make_variants("Cushion")
    _, throws = make_variants("Throw", price="1.00")
    assert "does not come in the variant you sent" in add(client, cushion, variant=str(throws["red"].pk))
    assert "does not come in" in add(client, cushion, colour="gold")
    assert held() == {}


def test_price_and_owner_in_the_form_are_ignored(client: Client) -> None:
    mug = make_product("Mug", price="12.00")
    add(client, mug, price="0.01", price_incl_tax="0.01", owner="1", basket="1", stockrecord="1", status="Submitted")
    line = BasketLine.objects.get()
    assert (line.stockrecord, line.basket.owner, line.basket.status) == (record_of(mug), None, Basket.OPEN)
    assert "12.00 EUR" in client.get("/basket/").content.decode()


def test_what_is_left_is_said(client: Client) -> None:
    mug = make_product("Mug", stock=3)
    assert "Mug: only 3 left." in add(client, mug, quantity="4")
    assert held() == {}
    add(client, mug, quantity="2")
    assert "Mug: only 3 left. Your basket already holds 2." in add(client, mug, quantity="2")
    assert held() == {"Mug": 2}
    assert "Bowl is sold out. Nothing was added." in add(client, make_product("Bowl", stock=0))


def test_no_stock_is_held_by_a_basket(client: Client) -> None:
    mug = make_product("Mug", stock=1)
    add(client, mug)
    other = Client()
    add(other, mug)
    assert BasketLine.objects.count() == 2


def test_an_unknown_or_unpublished_product_is_not_found(client: Client) -> None:
    hidden = make_product("Hidden")
    Product.objects.filter(pk=hidden.pk).update(is_public=False)
    for pk in (hidden.pk, 0, 999_999, 10**30):
        assert client.post(f"/basket/add/{pk}/").status_code == 404
    assert client.get(f"/basket/add/{make_product().pk}/").status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"HTTP_ORIGIN": "http://testserver"}, 303),
        ({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"}, 303),
        ({"HTTP_SEC_FETCH_SITE": "none"}, 303),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ({"HTTP_ORIGIN": "http://["}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, 403),
        ({"HTTP_ORIGIN": "https://evil.example"}, 403),
        ({"HTTP_ORIGIN": "null"}, 403),
        ({"HTTP_ORIGIN": "http://testserver.evil.example"}, 403),
    ],
)
def test_other_sites_cannot_fill_the_basket(headers: dict[str, str], status: int) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"/basket/add/{make_product().pk}/", **headers)
    assert response.status_code == status
    assert BasketLine.objects.count() == (1 if status == 303 else 0)


def test_with_htmx_the_fragment_comes_back(client: Client) -> None:
    mug = make_product("Mug", stock=1)
    response = client.post(f"/basket/add/{mug.pk}/", HTTP_HX_REQUEST="true")
    assert response.status_code == 200
    assert "is in your basket" in response.content.decode()
    response = client.post(f"/basket/add/{mug.pk}/", HTTP_HX_REQUEST="true")
    assert "only 1 left" in response.content.decode()


def test_quantities_change_and_lines_go(client: Client) -> None:
    add(client, make_product("Mug", stock=5))
    line = BasketLine.objects.get()
    client.post(f"/basket/update/{line.pk}/", {"quantity": "4"})
    assert held() == {"Mug": 4}
    page = client.post(f"/basket/update/{line.pk}/", {"quantity": "40"}, follow=True).content.decode()
    assert "Mug: only 5 left, so that is your quantity now." in page
    assert held() == {"Mug": 5}
    page = client.post(f"/basket/update/{line.pk}/", {"quantity": "many"}, follow=True).content.decode()
    assert "whole number" in page
    client.post(f"/basket/update/{line.pk}/", {"quantity": "0"})
    assert held() == {}
    page = client.post(f"/basket/remove/{line.pk}/", follow=True).content.decode()
    assert "no longer in your basket" in page


def test_lines_of_other_baskets_are_out_of_reach(client: Client) -> None:
    add(client, make_product("Mug"))
    foreign = make_basket(make_product("Vase")).lines.get()
    client.post(f"/basket/update/{foreign.pk}/", {"quantity": "9"})
    client.post(f"/basket/remove/{foreign.pk}/")
    assert held() == {"Mug": 1, "Vase": 1}


def test_an_anonymous_look_writes_nothing_and_sets_no_cookie(client: Client) -> None:
    open_shop()
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/basket/")
    assert not response.cookies
    assert all("INSERT" not in query["sql"] and "UPDATE" not in query["sql"] for query in queries)
    assert "Your basket is empty" in response.content.decode()


def test_five_and_fifty_lines_cost_the_same_number_of_queries(client: Client) -> None:
    open_shop()
    counts = {}
    done = 0
    for size in (5, 50):
        for _ in range(size - done):
            client.post(f"/basket/add/{make_product().pk}/")
        done = size
        client.get("/basket/")
        with CaptureQueriesContext(connection) as page:
            assert client.get("/basket/").status_code == 200
        thing = make_product()
        with CaptureQueriesContext(connection) as adding:
            client.post(f"/basket/add/{thing.pk}/")
        BasketLine.objects.filter(product=thing).delete()
        counts[size] = (len(page), len(adding))
    assert counts[5] == counts[50], counts
    assert counts[50][0] <= 25, counts
