"""An empty list tells whether nothing is there or nothing matches, and nobody is told to add what nobody can add."""

import pytest

from tests.backoffice.desk import staff_client

pytestmark = pytest.mark.django_db


def test_a_list_that_nobody_adds_to_says_that_nothing_is_there() -> None:
    page = staff_client().get("/admin/catalog/importrun/").text
    assert "There is nothing here yet." in page
    assert "Create a new item" not in page
    assert "Add the first" not in page


def test_a_list_that_this_person_may_add_to_offers_it() -> None:
    page = staff_client().get("/admin/catalog/collection/").text
    assert "There is nothing here yet." in page
    assert '<a class="desk-button is-primary" href="/admin/catalog/collection/add/">Add the first</a>' in page
    assert "Add the first" not in staff_client("warehouse").get("/admin/catalogue/product/").text


def test_a_list_whose_rows_begin_elsewhere_says_where() -> None:
    assert "Tick products in the list of products" in staff_client().get("/admin/catalog/bulkedit/").text


def test_a_search_without_a_hit_offers_the_way_back() -> None:
    page = staff_client().get("/admin/catalogue/product/?q=<zeppelin>").text
    assert "Nothing here matches “&lt;zeppelin&gt;”." in page
    assert '<a class="desk-button" href="?">Show all</a>' in page
    filtered = staff_client("catalogue editor").get("/admin/catalogue/product/?listed=later").text
    assert "Nothing here matches these filters." in filtered
