"""`?explain=1` tells staff the parts of each score; shoppers see the same page as without it."""

import re

import pytest
from django.test import Client

from catalog.search.placements import place_product
from catalog.search.staff_words import Placement
from inventory.models import StockLevel
from tests.backoffice.desk import make_customer, sign_in, staff_client
from tests.shopfloor import make_category
from tests.storefront.conftest import SmallShop

pytestmark = pytest.mark.django_db
LISTS = ["/search/?q=lamp", "/search/?q=lmap&page=2", "/c/living/lamps/", "/search/?q=sage+lamp"]


@pytest.mark.feature("SF06", "M20")
@pytest.mark.parametrize("address", LISTS)
def test_staff_see_parts_that_sum_to_the_score(small_shop: SmallShop, address: str) -> None:
    response = staff_client("marketing").get(f"{address}{'&' if '?' in address else '?'}explain=1")
    page = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    rows = re.findall(r"<li value=\"(\d+)\">.*?position (\d+) because (.*?) = <b[^>]*>(-?[\d.]+)</b>", page)
    assert len(rows) == len(response.context["listing"].cards) > 0
    totals = []
    for value, place, parts, total in rows:
        assert value == place
        if "sold out: below everything" in parts:
            break
        addends = re.findall(r"([+-]\d+\.\d{3})(?:,|$)", parts)
        assert sum(round(float(one) * 1000) for one in addends) == round(float(total) * 1000)
        totals.append(float(total))
    assert totals == sorted(totals, reverse=True)
    assert len(totals) >= (5 if address.startswith("/c/") else len(rows))


@pytest.mark.feature("SF06")
@pytest.mark.parametrize("address", LISTS)
def test_nobody_else_gets_a_word_of_it(client: Client, small_shop: SmallShop, address: str) -> None:
    asked = f"{address}{'&' if '?' in address else '?'}explain=1"
    plain = client.get(address).content
    assert client.get(asked).content == plain
    assert not client.get(asked).cookies
    customer = Client()
    sign_in(customer, make_customer(), factor=False)
    assert b"Why this order" not in customer.get(asked).content


@pytest.mark.feature("SF06")
def test_a_pinned_lamp_is_first_until_it_is_sold_out(client: Client, small_shop: SmallShop) -> None:
    pinned = small_shop.lamps[-1]
    category = make_category("Living", "Lamps")
    place_product(product=pinned, kind=Placement.Kind.PIN, category=category, actor=None)
    place_product(product=pinned, kind=Placement.Kind.PIN, words="lamp", actor=None)
    for address in ("/c/living/lamps/", "/search/?q=lamps"):
        assert client.get(address).context["listing"].cards[0].name == pinned.title
    StockLevel.objects.filter(stock_record__product=pinned).update(on_hand=0)
    desk = staff_client()
    for address in ("/c/living/lamps/?explain=1", "/search/?q=lamps&explain=1"):
        answer = desk.get(address)
        assert answer.context["listing"].cards[0].name != pinned.title
        assert "What is sold out is neither pinned nor boosted" in answer.content.decode()
