"""Related products: the manual list first, then what is bought together; never sold out, never in the basket already.

Recently seen: the device remembers, the shop writes nothing and sets no cookie.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Product, ProductRecommendation
from oscar.apps.order.models import Order
from pytest_django.live_server_helper import LiveServer

from catalog.search.index import refresh_documents
from catalog.together import BoughtTogether
from checkout.models import PlacedOrder
from checkout.tasks import count_bought_together_task
from checkout.together import count_bought_together
from tests.shopfloor import make_category, make_order, make_product, make_variants, open_shop
from tests.storefront.browsing import open_browser, open_page

pytestmark = [pytest.mark.feature("SF08")]


def pay(order: Order) -> None:
    """The books say paid; no provider is needed to count what is bought together."""
    PlacedOrder.objects.filter(order=order).update(paid_at=Now())


@pytest.fixture
def shelf(db: None) -> dict[str, Product]:
    open_shop()
    names = ["Lamp", "Shade", "Bulb", "Cord", "Vase", "Gone"]
    things = {name: make_product(name, stock=0 if name == "Gone" else 5) for name in names}
    refresh_documents([one.pk for one in things.values()])
    return things


def related_names(page: str, place: str = "related") -> list[str]:
    found = re.search(rf'<section[^>]*aria-labelledby="{place}">.*?</section>', page, re.DOTALL)
    return re.findall(r'<h3 class="card-name"><a[^>]*>([^<]+)<', found[0]) if found else []


@pytest.mark.django_db
def test_the_manual_list_comes_first_then_what_is_bought_together(client: Client, shelf: dict[str, Product]) -> None:
    lamp = shelf["Lamp"]
    for others in (["Bulb", "Gone"][:1], ["Bulb"], ["Cord"]):
        pay(make_order(lamp, *(shelf[name] for name in others)))
    ProductRecommendation.objects.create(primary=lamp, recommendation=shelf["Vase"], ranking=5)
    ProductRecommendation.objects.create(primary=lamp, recommendation=shelf["Gone"], ranking=9)
    assert related_names(client.get(f"/p/{lamp.slug}/").text) == ["Vase"]
    assert count_bought_together_task() >= 4
    assert related_names(client.get(f"/p/{lamp.slug}/").text) == ["Vase", "Bulb", "Cord"]
    assert related_names(client.get(f"/p/{shelf['Bulb'].slug}/").text) == ["Lamp"]


@pytest.mark.django_db
def test_pairs_are_counted_by_listed_product_and_by_paid_orders_alone(shelf: dict[str, Product]) -> None:
    cushion, children = make_variants("Cushion", values=["Sage", "Clay"])
    lamp = shelf["Lamp"]
    for child in children.values():
        pay(make_order(lamp, child))
    pay(make_order(*children.values()))
    make_order(lamp, shelf["Cord"])
    assert count_bought_together() == 2
    assert count_bought_together() == 0
    pairs = set(BoughtTogether.objects.values_list("product_id", "other_id", "orders"))
    assert pairs == {(lamp.pk, cushion.pk, 2), (cushion.pk, lamp.pk, 2)}
    PlacedOrder.objects.update(paid_at=None)
    count_bought_together()
    assert not BoughtTogether.objects.exists()


@pytest.mark.django_db
def test_somebody_with_a_basket_is_not_shown_what_is_in_it(client: Client, shelf: dict[str, Product]) -> None:
    cushion, children = make_variants("Cushion", values=["Sage"])
    refresh_documents([cushion.pk])
    for place, other in enumerate((shelf["Bulb"], cushion)):
        ProductRecommendation.objects.create(primary=shelf["Lamp"], recommendation=other, ranking=place)
    address = f"/p/{shelf['Lamp'].slug}/goes-with/"
    assert related_names(client.get(address).text) == ["Cushion", "Bulb"]
    client.post(f"/basket/add/{cushion.pk}/", {"variant": children["Sage"].pk})
    answer = client.get(address)
    assert related_names(answer.text) == ["Bulb"]
    assert "no-store" in answer["Cache-Control"]
    page = client.get(f"/p/{shelf['Lamp'].slug}/")
    assert related_names(page.text) == ["Bulb"], "also on the page itself, which needs no script"
    assert page["Cache-Control"] == "private, no-store"
    seen = client.get("/seen/", {"id": [cushion.pk, shelf["Vase"].pk]})
    assert related_names(seen.text, "seen") == ["Vase"]
    assert client.get("/p/nothing/goes-with/").status_code == 404


@pytest.mark.django_db
def test_seen_products_come_back_in_their_order_and_nothing_is_kept(client: Client, shelf: dict[str, Product]) -> None:
    ids = [shelf[name].pk for name in ("Vase", "Gone", "Lamp", "Vase")]
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/seen/", {"id": [*ids, "x", "-1", "9" * 30, "999999"]})
    assert related_names(answer.text, "seen") == ["Vase", "Lamp"]
    assert not answer.cookies
    assert len(captured) <= 3
    assert client.get("/seen/").text.strip() == ""
    assert client.get("/seen/?id=1&id=%00").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_browser_remembers_and_hides_what_is_in_the_basket(live_server: LiveServer, db: Any) -> None:
    open_shop()
    place = make_category("Living")
    lamp, vase, bulb = (make_product(name, category=place) for name in ("Lamp", "Vase", "Bulb"))
    refresh_documents([lamp.pk, vase.pk, bulb.pk])

    def url(one: Product) -> str:
        return f"{live_server.url}/p/{one.slug}/"

    with open_browser() as browser, open_page(browser, url(lamp)) as page:
        assert page.locator("#seen").count() == 0
        assert set(page.locator("[data-goes-with] .card-name").all_inner_texts()) == {"Vase", "Bulb"}
        page.goto(url(vase))
        page.locator("[aria-labelledby=seen] .card-name", has_text="Lamp").wait_for()
        page.get_by_role("button", name="Add to basket").click()
        page.locator("#added strong").wait_for()
        page.goto(url(lamp), wait_until="networkidle")
        assert page.locator("[aria-labelledby=seen] .card-name", has_text="Vase").count() == 0
        assert page.locator("[aria-labelledby=related] .card-name").all_inner_texts() == ["Bulb"]
        assert page.complaints == []  # type: ignore[attr-defined]
    with open_browser() as browser, open_page(browser, url(lamp), java_script_enabled=False) as page:
        assert page.locator("[data-goes-with] .card-name").count() == 2
        assert not page.locator("[data-seen]").is_visible()
