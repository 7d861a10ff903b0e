"""Feeds name every item once, with the price and the availability of its page; what cannot be in one is listed."""

import csv
import io
import json
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Product, ProductAttributeValue
from oscar.apps.partner.models import StockRecord

from catalog.media.records import MediaFile, ProductMedia
from catalog.models import Party, PriceDetail, SearchDocument
from catalog.safety.writing import set_safety
from catalog.search.index import refresh_documents
from inventory.backorder_policy import set_policy, shop_today
from inventory.ledger import Entry, count_stock
from shop.storefront.feeds.export import FeedReport, find_format, write_feed
from shop.storefront.feeds.items import stream_items
from tests.shopfloor import make_category, open_shop
from tests.storefront.conftest import SmallShop
from tests.storefront.schema_check import find_problems, load_schema
from tests.storefront.shelf import fill_shelf

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE09")]
SPACE = "{http://base.google.com/ns/1.0}"


@pytest.fixture
def dressed(small_shop: SmallShop) -> SmallShop:
    """Every product has a picture, and the cushion a brand."""
    picture = MediaFile.objects.create(digest="a" * 64, width=800, height=1000, widths=[320, 640], formats=["webp"])
    products = Product.objects.exclude(structure=Product.CHILD)
    ProductMedia.objects.bulk_create(ProductMedia(product=one, file=picture) for one in products)
    attribute = small_shop.cushion.product_class.attributes.get(code="brand")
    ProductAttributeValue.objects.create(product=small_shop.cushion, attribute=attribute, value_text="Nord & <Süd>")
    Product.objects.filter(pk=small_shop.lamps[0].pk).update(upc="4006381333931")
    refresh_documents(products.values_list("pk", flat=True))
    return small_shop


def _read(name: str) -> tuple[list[dict[str, Any]], FeedReport]:
    report = FeedReport()
    text = "".join(write_feed(find_format(name), report=report))
    if name == "google.xml":
        items = [{one.tag.removeprefix(SPACE): one.text for one in item} for item in fromstring(text).iter("item")]
    elif name == "products.jsonl":
        items = [json.loads(line) for line in text.splitlines()]
    else:
        items = list(csv.DictReader(io.StringIO(text), delimiter="\t" if name == "google.tsv" else ","))
    return items, report


@pytest.mark.parametrize("name", ["google.xml", "google.tsv", "meta.csv", "products.jsonl"])
def test_price_and_availability_equal_the_page_of_every_item(client: Client, dressed: SmallShop, name: str) -> None:
    items, report = _read(name)
    assert len(items) == report.items == 33
    assert report.rejected == []
    assert len({one.get("id") or one["item_id"] for one in items}) == 33
    for item in items:
        link = item.get("link") or item["url"]
        page = client.get(link.removeprefix("http://testserver")).text
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        [product] = [one for block in blocks for one in json.loads(block)["@graph"] if one["@type"] == "Product"]
        offer = product["offers"]
        assert product["sku"] == (item.get("id") or item["item_id"])
        asked = item.get("sale_price") or item["price"]
        assert asked == f"{offer['price']} {offer['priceCurrency']}"
        former = [one["price"] for one in offer["priceSpecification"] if "priceType" in one]
        assert item["price"] == f"{(former or [offer['price']])[0]} EUR"
        assert item["availability"].replace(" ", "_") == {
            "https://schema.org/InStock": "in_stock", "https://schema.org/OutOfStock": "out_of_stock"
        }[offer["availability"]]  # fmt: skip


@pytest.mark.feature("IN09")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("google.xml", ("preorder", "backorder")),
        ("google.tsv", ("preorder", "backorder")),
        ("meta.csv", ("preorder", "available for order")),
        ("products.jsonl", ("pre_order", "backorder")),
    ],
)
def test_what_is_sold_ahead_says_so_with_its_day(dressed: SmallShop, name: str, words: tuple[str, str]) -> None:
    day = shop_today() + timedelta(days=9)
    skus = []
    for lamp, kind in zip(dressed.lamps[:2], ("pre-order", "backorder"), strict=True):
        record = StockRecord.objects.get(product=lamp)
        entry = Entry(stock_record_id=record.pk, actor_name="Ann", reason="none left", idempotency_key=f"out:{lamp.pk}")
        count_stock(entry, quantity=0)
        set_policy(stock_record_id=record.pk, kind=kind, cap=4, promised_on=day)
        skus.append(record.partner_sku)
    items, _ = _read(name)
    found = {one.get("id") or one["item_id"]: one for one in items}
    assert tuple(found[sku]["availability"] for sku in skus) == words
    if name != "meta.csv":
        assert all(found[sku]["availability_date"].startswith(day.isoformat()) for sku in skus)
    if name == "products.jsonl":
        assert [problem for item in items for problem in find_problems(item, load_schema("acp_product"))] == []


def test_each_line_of_the_agents_feed_fits_the_schema(dressed: SmallShop) -> None:
    schema = load_schema("acp_product")
    items, _ = _read("products.jsonl")
    assert [problem for item in items for problem in find_problems(item, schema)] == []
    [sage] = [one for one in items if one.get("variant_dict") == {"Colour": "Sage", "Size": "Small"}]
    assert (sage["group_id"], sage["listing_has_variations"]) == ("cushion", True)
    assert sage["brand"] == "Nord & <Süd>"
    assert sage["is_eligible_checkout"] is False
    assert find_problems(sage | {"price": "12"}, schema)
    assert [one["gtin"] for one in items if "gtin" in one] == ["4006381333931"]


@pytest.mark.feature("CA11")
def test_who_answers_for_a_product_stands_in_its_feeds(dressed: SmallShop) -> None:
    lamp = dressed.lamps[0]
    maker = Party.objects.create(
        name="Brass Works", postal_address="Am Markt 1, 10115 Berlin", country="CN", email="hello@brass.example"
    )
    house = Party.objects.create(
        name="Import House", postal_address="Kai 2, Hamburg", country="DE", email="safety@house.example"
    )
    papers = [("Manual", "https://brass.example/manual.pdf")]
    set_safety(lamp.pk, maker=maker, responsible=house, warnings="Not for children under 3.", documents=papers)

    def find(name: str) -> str:
        feed = "".join(write_feed(find_format(name), report=FeedReport()))
        return next(line for line in feed.replace("</item>", "</item>\n").splitlines() if lamp.slug in line)

    detail = "<g:attribute_name>Manufacturer</g:attribute_name><g:attribute_value>Brass Works; Am Markt 1"
    assert detail in find("google.xml")
    assert "Product safety:Warning:Not for children under 3." in find("google.tsv")
    assert "Import House, Kai 2, Hamburg, DE, safety@house.example" in find("meta.csv")
    items, _ = _read("products.jsonl")
    assert [problem for item in items for problem in find_problems(item, load_schema("acp_product"))] == []
    assert '"warning":"Not for children under 3.","warning_url":"https://brass.example/manual.pdf"' in find(
        "products.jsonl"
    )


def test_what_cannot_be_in_a_feed_is_listed_with_its_reason(dressed: SmallShop, tmp_path: Path) -> None:
    bare, priceless, double, hidden = dressed.lamps[:4]
    ProductMedia.objects.filter(product=bare).delete()
    StockRecord.objects.filter(product=priceless).update(price=None)
    StockRecord.objects.filter(product=double).update(
        partner_sku=dressed.lamps[5].slug.upper(), partner=_other_partner()
    )
    Product.objects.filter(pk=hidden.pk).update(is_public=False)
    refresh_documents([one.pk for one in dressed.lamps[:4]])
    items, report = _read("google.xml")
    reasons = {one.title: one.reason for one in report.rejected}
    assert "lacks a picture" in reasons[bare.title]
    assert "lacks a price" in reasons[priceless.title]
    assert "has the SKU" in next(
        reason for title, reason in reasons.items() if title not in (bare.title, priceless.title)
    )
    assert hidden.title not in {one["title"] for one in items} | set(reasons)
    assert len(items) == 29
    out = io.StringIO()
    call_command("export_feed", "google.xml", str(tmp_path / "feed.xml"), "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["items"], len(said["rejected"])) == (29, 3)
    assert len(list(fromstring((tmp_path / "feed.xml").read_text()).iter("item"))) == 29
    assert [one.name for one in tmp_path.iterdir()] == ["feed.xml"]


def _other_partner() -> Any:
    from oscar.apps.partner.models import Partner

    return Partner.objects.create(name="Other", code="other")


def test_a_feed_that_does_not_exist_or_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Choose one of google\.xml"):
        call_command("export_feed", "bing", str(tmp_path / "x"))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_feed", "google.xml", str(tmp_path / "nowhere" / "x.xml"))


def test_a_feed_is_read_with_its_token_or_by_everybody_when_the_shop_says_so(
    client: Client, dressed: SmallShop
) -> None:
    assert client.get("/feeds/google.xml").status_code == 404
    with override_settings(FEED_TOKEN="s3cret-token"):
        assert client.get("/feeds/google.xml?token=wrong").status_code == 404
        answer = client.get("/feeds/google.xml?token=s3cret-token")
        assert answer["Content-Type"].startswith("application/xml")
        assert b"".join(answer.streaming_content).count(b"<item>") == 33  # type: ignore[attr-defined]
    with override_settings(FEEDS_PUBLIC=True):
        assert client.get("/feeds/products.jsonl").status_code == 200
        assert client.get("/feeds/other").status_code == 404
        assert client.post("/feeds/google.xml").status_code == 405


def test_a_feed_asks_the_same_questions_of_ten_and_of_four_hundred_items() -> None:
    open_shop()
    counts = []
    for more in (10, 400):
        fill_shelf(more, category=make_category("Living", "Lamps"))
        with CaptureQueriesContext(connection) as captured:
            assert sum(1 for _ in stream_items()) >= more
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 7


def _fill_many(count: int) -> None:
    """Copies of one lamp, straight into the tables."""
    [lamp] = fill_shelf(1)
    record = StockRecord.objects.get(product=lamp)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_product (structure, is_public, title, slug, description, meta_title, meta_description,"
            " date_created, date_updated, is_discountable, product_class_id, priority)"
            " SELECT structure, true, title || ' ' || n, 'copy-' || n, description, '', '', now(), now(), true,"
            " product_class_id, 0 FROM catalogue_product, generate_series(1, %s) n WHERE id = %s",
            (count, lamp.pk),
        )
        cursor.execute(
            "INSERT INTO partner_stockrecord (product_id, partner_id, partner_sku, price_currency, price, num_in_stock,"
            " date_created, date_updated)"
            " SELECT id, %s, 'SKU-' || id, 'EUR', 12.50, 5, now(), now() FROM catalogue_product WHERE slug LIKE 'copy-%%'",
            (record.partner_id,),
        )
        cursor.execute(
            "INSERT INTO inventory_stocklevel (stock_record_id, location_id, on_hand, allocated, buffer)"
            " SELECT record.id, level.location_id, 5, 0, 0 FROM partner_stockrecord record, inventory_stocklevel level"
            " WHERE level.stock_record_id = %s AND record.partner_sku LIKE 'SKU-%%'",
            (record.pk,),
        )
        columns = ", ".join(field.column for field in SearchDocument._meta.concrete_fields)
        cursor.execute(
            f"INSERT INTO catalog_searchdocument ({columns}) SELECT {columns} FROM (SELECT (jsonb_populate_record(document,"
            " jsonb_build_object('product_id', product.id, 'title', product.title, 'slug', product.slug))).*"
            " FROM catalog_searchdocument document, catalogue_product product"
            " WHERE document.product_id = %s AND product.slug LIKE 'copy-%%') AS copied",
            (lamp.pk,),
        )
        cursor.execute(
            "INSERT INTO catalog_productmedia (product_id, file_id, alt, position)"
            " SELECT product.id, file.id, '', 0 FROM catalogue_product product, catalog_mediafile file"
            " WHERE product.slug LIKE 'copy-%'"
        )
        cursor.execute("ANALYZE")
    assert PriceDetail.objects.count() == 1


@pytest.mark.long
@pytest.mark.parametrize(("count", "seconds"), [(50_000, 60.0)])
def test_many_items_are_written_in_their_time(count: int, seconds: float, tmp_path: Path) -> None:
    MediaFile.objects.create(digest="b" * 64, width=800, height=1000, widths=[320], formats=["webp"])
    _fill_many(count)
    begun = time.monotonic()
    out = io.StringIO()
    call_command("export_feed", "google.tsv", str(tmp_path / "feed.tsv"), "--json", stdout=out)
    took = time.monotonic() - begun
    said = json.loads(out.getvalue())
    print(f"{said['items']} items in {took:.1f} s")
    assert said["items"] >= count
    assert took < seconds
