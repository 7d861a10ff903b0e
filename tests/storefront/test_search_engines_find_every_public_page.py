"""The sitemap names each public page once, in parts that are small enough; robots.txt keeps personal pages out."""

import re

import pytest
from django.db import connection
from django.test import Client

from catalog.search.index import refresh_documents
from shop.storefront import sitemap
from tests.storefront.conftest import SmallShop

pytestmark = pytest.mark.feature("CO04")


def _read(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return [found.replace("&amp;", "&") for found in re.findall(r"<loc>http://testserver([^<]*)</loc>", text)]


def _all_pages(client: Client) -> list[str]:
    return [page for part in _read(client, "/sitemap.xml") for page in _read(client, part)]


def test_each_page_of_the_map_answers(client: Client, small_shop: SmallShop) -> None:
    pages = _all_pages(client)
    assert "/p/cushion/" in pages
    assert "/c/living/lamps/" in pages
    assert [page for page in pages if client.get(page).status_code != 200] == []


def test_many_products_are_split_without_loss_or_repetition(
    client: Client, small_shop: SmallShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PART", 7)
    parts = _read(client, "/sitemap.xml")
    products = [page for part in parts[1:] for page in _read(client, part)]
    assert len(products) == len(set(products)) == 31
    assert max(len(_read(client, part)) for part in parts[1:]) == 7


def test_what_is_not_public_is_not_named(client: Client, small_shop: SmallShop) -> None:
    lamp = small_shop.lamps[0]
    lamp.is_public = False
    lamp.save()
    refresh_documents([lamp.pk])
    assert f"/p/{lamp.slug}/" not in _all_pages(client)


@pytest.mark.parametrize("part", ["99", "-1", "abc", "1" * 50, "１"])
def test_a_part_that_does_not_exist_is_not_found(client: Client, small_shop: SmallShop, part: str) -> None:
    assert client.get(f"/sitemap.xml?part={part}").status_code == 404


def test_robots_are_sent_to_the_map_and_kept_from_personal_pages(client: Client, db: None) -> None:
    text = client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    for path in ("/basket/", "/checkout/", "/order/", "/account/", "/admin/", "/search/"):
        assert f"Disallow: {path}\n" in text


def test_a_hundred_and_twenty_thousand_products_are_split_right(client: Client, db: None) -> None:
    """Rows of search documents alone: the map asks nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO catalog_searchdocument (product_id, title, slug, brand, category_ids, facets, stock_record_ids,"
            " currency, rating_count, popularity, published_at, card, text)"
            " SELECT n, 'Thing', 'thing-' || n, '', '{}', '{}', '{}', 'EUR', 0, 0, now(), '{}', ''"
            " FROM generate_series(1, 120000) AS n"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    parts = _read(client, "/sitemap.xml")
    assert parts == [f"/sitemap.xml?part={number}" for number in range(4)]
    pages = [_read(client, part) for part in parts]
    assert max(len(part) for part in pages) <= 50_000
    products = [path for part in pages for path in part if path.startswith("/p/")]
    assert len(products) == len(set(products)) == 120_000
    assert client.get("/sitemap.xml?part=4").status_code == 404
