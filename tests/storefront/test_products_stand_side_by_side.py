"""Compare: up to four products, attributes in rows, differences in words; the address says it all."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.search.index import refresh_documents
from shop.storefront.brand_page import brand_url
from tests.storefront.conftest import SmallShop


def address(*ids: int) -> str:
    return "/compare/?" + "&".join(f"id={pk}" for pk in ids)


def test_attributes_stand_in_rows_and_differences_are_marked_in_words(client: Client, small_shop: SmallShop) -> None:
    first, second, third = (small_shop.lamps[place].pk for place in (0, 1, 5))
    page = client.get(address(first, second)).text
    assert "Lamp 0001" in page
    assert "Lamp 0002" in page
    assert 'Colour <small class="differs">differs</small>' in page
    same = client.get(address(first, third)).text
    assert 'Colour <small class="differs">' not in same
    assert "Sage" in same
    only = client.get(address(first, third) + "&only=differences").text
    assert "Sage" not in only.split("<tbody>")[1]
    assert "not stated" in client.get(address(first, small_shop.cushion.pk)).text


def test_a_collection_grows_by_posts_and_the_fifth_takes_the_place_of_the_first(
    client: Client, small_shop: SmallShop
) -> None:
    ids = [one.pk for one in small_shop.lamps[:5]]
    for pk in ids:
        answer = client.post(f"/compare/add/{pk}/")
        assert answer.status_code == 303
    assert answer["Location"] == address(*ids[1:])
    assert client.get("/compare/")["Location"] == address(*ids[1:])
    answer = client.post(f"/compare/remove/{ids[2]}/", {"id": ids[1:]})
    assert answer["Location"] == address(ids[1], ids[3], ids[4])
    for pk in ids:
        client.post(f"/compare/remove/{pk}/")
    assert "Nothing to compare yet" in client.get("/compare/").text


@pytest.mark.parametrize("query", ["", "?id=", "?id=x", "?id=999999", "?id=1&id=%00", "?id=" + "9" * 40, "?only=x"])
def test_strange_comparisons_are_answered(client: Client, small_shop: SmallShop, query: str) -> None:
    assert client.get("/compare/" + query).status_code == 200
    assert client.post("/compare/add/999999/").status_code == 404
    foreign = client.post(f"/compare/add/{small_shop.lamps[0].pk}/", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_a_brand_has_a_page_of_its_own(client: Client, small_shop: SmallShop) -> None:
    page = client.get("/brand/seeberg/")
    assert page.status_code == 200
    assert "15 products by Seeberg, from" in page.text
    assert "Lamp 0001" in page.text
    assert "Lamp 0002" not in page.text
    assert 'name="brand"' not in page.text
    filtered = client.get("/brand/seeberg/?colour=Sage&brand=Nord&page=1").text
    assert "3 products" in filtered
    assert "Brand: " not in filtered
    assert 'href="/brand/seeberg/"' in client.get(f"/p/{small_shop.lamps[0].slug}/").text
    for strange in ("/brand/nobody/", "/brand/see/", "/brand/-/", "/brand/100%25/"):
        assert client.get(strange).status_code == 404


def test_brand_addresses_hold_letters_and_figures_alone() -> None:
    assert brand_url("Lumen & Loom") == "/brand/lumen-loom/"
    assert brand_url("Ørsted 7") in {"/brand/rsted-7/", "/brand/orsted-7/", "/brand/oersted-7/"}
    assert brand_url("&&&") == ""


def test_both_pages_cost_a_constant_number_of_queries(client: Client, small_shop: SmallShop) -> None:
    refresh_documents([one.pk for one in small_shop.lamps])
    counts = []
    for path in (address(small_shop.lamps[0].pk), address(*(one.pk for one in small_shop.lamps[:4])), "/brand/nord/"):
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 5
    assert counts[2] <= 12
