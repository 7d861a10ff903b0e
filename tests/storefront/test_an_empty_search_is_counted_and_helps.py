"""A search without result is counted by day and by words, by nobody's name, and the page has something to offer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import SearchMiss, SynonymGroup
from catalog.search.misses import DAYS_KEPT, forget_old_misses, list_misses, note_miss
from catalog.search.reindex import reindex_products
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.storefront.conftest import SmallShop

pytestmark = pytest.mark.django_db


@pytest.mark.feature("SF05")
def test_every_empty_search_is_counted_and_the_page_offers_products(client: Client, small_shop: SmallShop) -> None:
    for typed in ("Qumquat  jelly", "qumquat JELLY", "qumquat-jelly!"):
        page = client.get("/search/", {"q": typed})
        assert page.status_code == 200
        assert not page.cookies
        assert len(page.context["others"]) >= 3
        assert page.content.count(b'class="card"') >= 3
    miss = SearchMiss.objects.get()
    assert (miss.words, miss.count) == ("qumquat jelly", 3)
    assert {field.name for field in SearchMiss._meta.fields} == {"id", "language", "words", "day", "count"}


@pytest.mark.feature("SF05")
def test_the_count_is_one_statement_and_the_only_write(client: Client, small_shop: SmallShop) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get("/search/?q=qumquat")
    writes = [query["sql"] for query in captured if "INSERT" in query["sql"] or "UPDATE" in query["sql"]]
    assert len(writes) == 1
    assert "catalog_searchmiss" in writes[0]
    assert len(captured) <= 14  # Two of them open and close the savepoint that stands for a transaction here.


@pytest.mark.feature("SF05")
@pytest.mark.parametrize(
    "typed",
    [
        "ann.smith@mail.example",
        "lamp for ann@x.example",
        "+49 170 1234567",
        "4111 1111 1111 1111",
        "(030) 123-4567",
        "",
    ],
)
def test_nothing_is_kept_that_may_tell_who_asked(typed: str) -> None:
    note_miss(typed)
    assert not SearchMiss.objects.exists()


def test_what_was_found_filtered_or_asked_for_by_a_head_is_not_counted(client: Client, small_shop: SmallShop) -> None:
    client.get("/search/?q=lamp")
    client.get("/search/?q=lmap")
    client.get("/search/?q=cushion&colour=Sage&min_price=9000")
    client.head("/search/?q=qumquat")
    assert not SearchMiss.objects.exists()


def test_a_flood_of_random_words_ends_and_known_words_still_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.search.misses.MOST_A_DAY", 2)
    for words in ("one", "two", "three", "one"):
        note_miss(words)
    assert dict(SearchMiss.objects.values_list("words", "count")) == {"one": 2, "two": 1}


def test_old_counts_are_forgotten() -> None:
    today = timezone.now().date()
    for days in (0, DAYS_KEPT - 2, DAYS_KEPT + 2):
        SearchMiss.objects.create(language="en", words="yurt", day=today - timedelta(days=days))
    assert forget_old_misses() == 1


@pytest.mark.feature("SF05")
def test_staff_accept_a_proposed_word_and_the_next_search_finds(client: Client, small_shop: SmallShop) -> None:
    reindex_products()
    client.get("/search/?q=cushionette")
    client.get("/search/?q=yurt")
    assert [(miss.words, miss.times) for miss in list_misses()] == [("cushionette", 1), ("yurt", 1)]
    desk = staff_client("marketing")
    page = desk.get("/admin/search/misses/").content.decode()
    assert "means “cushion" in page
    answer = desk.post("/admin/search/misses/", {"words": "yurt", "means": "cushion"}, follow=True)
    assert "from the next search on" in answer.content.decode()
    assert client.get("/search/?q=yurt").context["listing"].total == 1
    assert [miss.words for miss in list_misses()] == ["cushionette"]
    assert AuditEntry.objects.filter(action="add synonym", actor_name="marketing@shop.example").count() == 1
    desk.post("/admin/search/misses/", {"words": "cushionette", "dismiss": "1"})
    assert list_misses() == []
    refused = desk.post("/admin/search/misses/", {"words": "yurt", "means": "yurt"}, follow=True)
    assert "cannot stand for itself" in refused.content.decode()


def test_the_list_is_for_those_who_may(client: Client, small_shop: SmallShop) -> None:
    desk = staff_client("warehouse")
    assert desk.get("/admin/search/misses/").status_code == 403
    assert desk.post("/admin/search/misses/", {"words": "a", "means": "b"}).status_code == 403
    assert not SynonymGroup.objects.exists()
