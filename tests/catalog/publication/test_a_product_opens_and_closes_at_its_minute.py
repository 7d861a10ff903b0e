"""Publication is to the minute on the shop's clock, also on the nights when clocks change, and judged at read."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from oscar.apps.catalogue.models import Product, ProductAttribute, ProductAttributeValue

from catalog.categories import find_category, sub_categories
from catalog.models import Publication, SearchDocument
from catalog.publication.instants import NoSuchInstant, read_instant, write_instant, write_local
from catalog.publication.openness import next_publication_change
from catalog.publication.schedule import PublicationRefused, schedule_products
from catalog.search.index import refresh_documents
from catalog.search.query import Query, find_products
from catalog.search.suggest import suggest
from shop.doctor.checks import run_checks
from tests.shopfloor import make_category, make_product, make_variants, open_shop

HOUR = timedelta(hours=1)


def clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.mark.feature("CA06")
@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-07-01 08:00", datetime(2026, 7, 1, 6, 0, tzinfo=UTC)),
        ("2026-12-01T08:00", datetime(2026, 12, 1, 7, 0, tzinfo=UTC)),
        ("2026-03-29 01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29 03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25 02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25 03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_minute_is_one_of_the_shops_clock(text: str, instant: datetime) -> None:
    assert read_instant(text) == instant
    assert read_instant(write_instant(instant)) == instant


def test_the_hour_that_comes_twice_is_written_apart() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert write_local(first) == write_local(second) == "2026-10-25T02:30"
    assert write_instant(first) != write_instant(second)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-03-29 02:30", "02:30 does not exist on 29 March 2026: clocks are turned forward then. Write 03:30"),
        ("soon", "“soon” is not a date and time. Write it like 2026-11-27 08:00"),
        ("2026-02-30 08:00", "is not a date and time"),
        ("2026-07-01 08:00:30", "has seconds. Publication is exact to the minute"),
    ],
)
def test_what_is_no_minute_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(NoSuchInstant) as refused:
        read_instant(text)
    assert words in str(refused.value)


def where_it_stands(product: Product) -> set[str]:
    """The places of the shop that show the product now."""
    client, found = Client(), set()
    living = find_category("living")
    assert living is not None
    addresses = {
        "category": "/c/living/lamps/",
        "search": "/search/?q=heron",
        "facet": "/search/?colour=Rust",
        "home": "/",
        "sitemap": "/sitemap.xml?part=1",
        "related": "/p/other-lamp/",
    }
    for name, address in addresses.items():
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if b"/p/heron-lamp/" in content:
            found.add(name)
    if client.get("/p/heron-lamp/").status_code == 200:
        found.add("page")
    if any(one.slug == "heron-lamp" for one in suggest("heron").products):
        found.add("suggestion")
    if [one.count for one in sub_categories(living)] == [2]:
        found.add("count")
    answer = client.post(f"/basket/add/{product.pk}/", {"quantity": "1"})
    if answer.status_code == 303 and "/basket/" in answer["Location"] and client.cookies.get("basket"):
        found.add("basket")
    return found


@pytest.fixture
def heron(transactional_db: None) -> Product:
    open_shop()
    lamps = make_category("Living", "Lamps")
    heron, other = (make_product(title, category=lamps) for title in ("Heron lamp", "Other lamp"))
    for product, slug in ((heron, "heron-lamp"), (other, "other-lamp")):
        Product.objects.filter(pk=product.pk).update(slug=slug)
    colour = ProductAttribute.objects.create(
        product_class=heron.product_class, code="colour", name="Colour", type="text"
    )
    ProductAttributeValue.objects.create(product=heron, attribute=colour, value_text="Rust")
    refresh_documents([heron.pk, other.pk])
    return Product.objects.get(pk=heron.pk)


@pytest.mark.feature("CA06")
def test_every_place_of_the_shop_opens_and_closes_at_once_with_nobody_at_work(heron: Product) -> None:
    everywhere = where_it_stands(heron)
    assert everywhere >= {"category", "search", "facet", "sitemap", "related", "page", "suggestion", "count"}
    begins = clock() + timedelta(seconds=4)
    ends = begins + timedelta(seconds=4)
    schedule_products([heron.pk], publish_from=begins, publish_to=ends)
    assert next_publication_change() == begins
    assert where_it_stands(heron) == set()
    indexed = SearchDocument.objects.get(pk=heron.pk).indexed_at
    time.sleep(max((begins - clock()).total_seconds(), 0) + 0.01)
    assert where_it_stands(heron) == everywhere
    assert next_publication_change() == ends
    time.sleep(max((ends - clock()).total_seconds(), 0) + 0.01)
    assert where_it_stands(heron) == set()
    assert next_publication_change() is None
    assert SearchDocument.objects.get(pk=heron.pk).indexed_at == indexed


@pytest.mark.django_db
def test_what_closes_while_it_lies_in_a_basket_is_said_to_be_gone() -> None:
    from checkout.quote.items import load_items
    from tests.shopfloor import make_basket

    lamp = make_product("Lamp")
    cushion, children = make_variants("Cushion")
    basket = make_basket(lamp, children["red"])
    schedule_products([lamp.pk], publish_from=None, publish_to=clock() - HOUR)
    schedule_products([cushion.pk], publish_from=clock() + HOUR, publish_to=None)
    items, missing = load_items(basket, currency="EUR")
    assert items == []
    assert [one.sentence for one in missing] == [
        "Lamp is no longer for sale. Please remove it.",
        "Cushion is no longer for sale. Please remove it.",
    ]


@pytest.mark.django_db
def test_what_opens_later_is_new_then() -> None:
    lamp, mug = make_product("Lamp"), make_product("Mug")
    begins = clock() - timedelta(minutes=1)
    Product.objects.filter(pk__in=[lamp.pk, mug.pk]).update(date_created=clock() - timedelta(days=90))
    refresh_documents([lamp.pk, mug.pk])
    schedule_products([lamp.pk], publish_from=begins, publish_to=None)
    found = find_products(Query(sort="newest")).documents
    assert [(one.title, bool(one.is_new)) for one in found] == [("Lamp", True), ("Mug", False)]


@pytest.mark.django_db
def test_a_window_that_ends_before_it_begins_is_refused_also_by_the_database() -> None:
    lamp = make_product("Lamp")
    begins = read_instant("2026-12-01 08:00")
    with pytest.raises(PublicationRefused, match="taken off on 2026-11-30 at 08:00, before it is shown"):
        schedule_products([lamp.pk], publish_from=begins, publish_to=begins - 24 * HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(product=lamp, publish_from=begins, publish_to=begins)


@pytest.mark.django_db
def test_a_scheduled_product_has_its_document_and_the_doctor_is_content() -> None:
    lamp = make_product("Lamp")
    refresh_documents([lamp.pk])
    schedule_products([lamp.pk], publish_from=clock() + HOUR, publish_to=None)
    assert SearchDocument.objects.filter(pk=lamp.pk).exists()
    assert [finding.check.name for finding in run_checks(examples=1) if finding.violations] == []
    assert find_products(Query()).total == 0
