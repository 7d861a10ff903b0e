"""Filters, pages and searches that make no sense show a list or nothing, never a failure."""

import pytest
from django.contrib import admin

from tests.backoffice.desk import staff_client
from tests.shopfloor import make_order

pytestmark = pytest.mark.django_db

ODD = [
    {"p": "abc"},
    {"p": "999999999"},
    {"list": "nonsense"},
    {"o": "99.-abc"},
    {"q": "x" * 5000},
    {"q": "\x00"},
    {"unknown__field": "1"},
    {"state": "nonsense", "country": "??"},
    {"date_placed_from": "yesterday", "date_placed_to": "2026-13-45"},
    {"created_at_from": "yesterday", "created_at_to": "2026-13-45"},
]


@pytest.mark.parametrize("query", ODD, ids=lambda query: ",".join(query))
def test_every_list_answers(query: dict[str, str]) -> None:
    make_order()
    client = staff_client()
    for model in admin.site._registry:
        options = model._meta
        address = f"/admin/{options.app_label}/{options.model_name}/"
        assert client.get(address, query).status_code in (200, 302), address


@pytest.mark.parametrize("page", ["abc", "-1", "0", "99", "9" * 40, ""])
def test_the_search_of_the_site_answers(page: str) -> None:
    assert staff_client().get("/admin/search/", {"s": "lamp", "extended": "1", "page": page}).status_code == 200


@pytest.mark.parametrize(
    "key", ["abc", "0", "999999999999999999999999", "-1", "1%00", "9" * 5000], ids=lambda key: key[:24]
)
def test_a_row_that_does_not_exist_is_not_found(key: str) -> None:
    client = staff_client()
    for model in admin.site._registry:
        options = model._meta
        address = f"/admin/{options.app_label}/{options.model_name}/{key}/change/"
        assert client.get(address).status_code in (302, 404), address
