"""The wish list: a signed cookie for a guest, Oscar's list for an account, joined at sign-in; to and from the basket."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.wishlists.models import Line, WishList

from catalog.search.index import refresh_documents
from checkout.accounts.models import User
from checkout.wishlist.cookies import MOST
from checkout.wishlist.keeping import wishes_of
from tests.shopfloor import make_product, make_variants, open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SF10")]


@pytest.fixture
def customer() -> User:
    return User.objects.create_user(email="ada@example.com", password="calm-lamp-42")


def test_a_guest_keeps_things_in_a_signed_cookie_and_nothing_in_the_database(client: Client) -> None:
    cushion, children = make_variants("Cushion", values=["Sage", "Clay"])
    refresh_documents([cushion.pk])
    answer = client.post(f"/wishlist/add/{cushion.pk}/", {"variant": str(children["Clay"].pk)})
    assert (answer.status_code, answer["Location"]) == (303, "/wishlist/")
    page = client.get("/wishlist/")
    assert "Clay" in page.text
    assert f'href="/p/{cushion.slug}/"' in page.text
    assert page["Cache-Control"].startswith("max-age=0")
    assert not WishList.objects.exists()
    client.post(f"/wishlist/add/{cushion.pk}/", {"variant": str(children["Clay"].pk)})
    assert client.cookies["wish_count"].value == "1"
    client.cookies["wishes"] = f"{children['Sage'].pk}:forged"
    assert "Nothing here yet" in client.get("/wishlist/").text


def test_signing_in_joins_the_guests_list_to_the_accounts_once(client: Client, customer: User) -> None:
    lamp, vase = make_product("Moon lamp"), make_product("Vase")
    for thing in (lamp, vase):
        client.post(f"/wishlist/add/{thing.pk}/")
    elsewhere = Client()
    elsewhere.force_login(customer)
    elsewhere.post(f"/wishlist/add/{vase.pk}/")
    client.force_login(customer)
    client.get("/wishlist/")
    client.get("/wishlist/")
    assert wishes_of(customer) == [vase.pk, lamp.pk]
    assert (WishList.objects.count(), Line.objects.count()) == (1, 2)
    assert client.cookies["wishes"].value == ""
    assert "Moon lamp" in elsewhere.get("/wishlist/").text


def test_things_move_between_basket_and_list(client: Client) -> None:
    open_shop()
    lamp = make_product("Moon lamp")
    client.post(f"/basket/add/{lamp.pk}/", {"quantity": "2"})
    line = BasketLine.objects.get()
    assert f"/wishlist/from-basket/{line.pk}/" in client.get("/basket/").text
    assert client.post(f"/wishlist/from-basket/{line.pk}/").status_code == 303
    assert not BasketLine.objects.exists()
    assert client.cookies["basket_count"].value == "0"
    assert "Moon lamp" in client.get("/wishlist/").text
    assert client.post(f"/wishlist/to-basket/{lamp.pk}/")["Location"] == "/basket/"
    assert BasketLine.objects.get().product == lamp
    assert "Nothing here yet" in client.get("/wishlist/").text


def test_what_is_sold_out_or_gone_says_so_and_stays_on_the_list(client: Client) -> None:
    lamp, vase = make_product("Moon lamp", stock=0), make_product("Vase")
    for thing in (lamp, vase):
        client.post(f"/wishlist/add/{thing.pk}/")
    type(vase).objects.filter(pk=vase.pk).update(is_public=False)
    page = client.get("/wishlist/").text
    assert "Sold out" in page
    assert "No longer in the shop" in page
    assert f"/alerts/ask/{lamp.pk}/?kind=back" in page
    assert "to-basket" not in page
    client.post(f"/wishlist/to-basket/{lamp.pk}/")
    assert "Moon lamp" in client.get("/wishlist/").text
    client.post(f"/wishlist/remove/{lamp.pk}/")
    assert "Moon lamp" not in client.get("/wishlist/").text


def test_strange_wishes_get_a_sensible_answer(client: Client, customer: User) -> None:
    lamp, other = make_product(), make_product()
    assert client.post("/wishlist/add/999999/").status_code == 404
    assert client.post(f"/wishlist/add/{lamp.pk}/", {"variant": str(other.pk)}).status_code == 404
    assert client.post(f"/wishlist/add/{lamp.pk}/", {"variant": "x"}).status_code == 303
    assert client.post("/wishlist/remove/999999/").status_code == 303
    assert client.post("/wishlist/to-basket/999999/").status_code == 303
    assert client.post("/wishlist/from-basket/999999/").status_code == 303
    assert client.get(f"/wishlist/add/{lamp.pk}/").status_code == 405
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(f"/wishlist/add/{lamp.pk}/", headers=foreign).status_code == 403


def test_a_list_is_full_at_its_limit_and_costs_the_same_queries_at_any_length(client: Client, customer: User) -> None:
    client.force_login(customer)
    counts = []
    for number in range(MOST + 1):
        client.post(f"/wishlist/add/{make_product().pk}/")
        if number in (1, MOST - 1):
            with CaptureQueriesContext(connection) as captured:
                client.get("/wishlist/")
            counts.append(len(captured))
    assert len(wishes_of(customer)) == MOST
    assert counts[0] == counts[1] <= 15
    assert f"holds {MOST} things" in client.get("/wishlist/").text
