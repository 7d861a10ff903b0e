"""Where a feed is fetched, when it was last written, how many items it had, and what it left out with the reason."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from catalog.feeds import FEEDS, last_notes
from catalog.search.index import refresh_documents
from shop.audit.models import AuditEntry
from shop.celery import app
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import handle_event
from shop.storefront.feeds.formats import FORMATS
from shop.storefront.tasks import check_feeds_task
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_product, open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE09")]


@pytest.fixture
def goods() -> None:
    """One without a picture, which Google takes no item without."""
    open_shop()
    refresh_documents([make_product("Bare <lamp>", sku="BARE", stock=3).pk])


def found(name: str) -> Mapping[str, Any]:
    after = last_notes()[name].after
    assert after is not None
    return after


def test_every_feed_has_a_name_for_people() -> None:
    assert set(FEEDS) == set(FORMATS)


def test_a_shop_that_never_wrote_one_says_so(goods: None) -> None:
    page = staff_client().get("/admin/feeds/").content.decode()
    assert page.count("Nobody has written or checked it yet.") == len(FEEDS)
    assert "Nobody can fetch them" in page


def test_staff_have_them_checked_and_see_what_is_left_out_and_why(goods: None) -> None:
    client = staff_client("marketing")
    answer = client.post("/admin/feeds/")
    assert (answer.status_code, answer["Location"]) == (303, "/admin/feeds/")
    client.post("/admin/feeds/")
    event = OutboxEvent.objects.get(name="feed.check_asked")
    handle_event(event.pk)
    assert (found("google.xml")["items"], found("google.xml")["rejected"]) == (0, 1)
    page = client.get("/admin/feeds/").content.decode()
    assert "Bare &lt;lamp&gt;" in page
    assert found("google.xml")["listed"][0][2] in page.replace("&#x27;", "'")
    assert "by marketing@shop.example" in page
    assert AuditEntry.objects.filter(action="write feed").count() == len(FEEDS)


def test_a_file_that_was_written_is_noted_and_the_latest_note_counts(goods: None, tmp_path: Path) -> None:
    assert check_feeds_task() >= 1
    call_command("export_feed", "products.jsonl", str(tmp_path / "agents.jsonl"))
    assert found("products.jsonl")["file"] == "agents.jsonl"
    assert found("google.xml")["file"] == ""
    assert "Written to agents.jsonl" in staff_client().get("/admin/feeds/").content.decode()


def test_a_check_finds_what_the_feed_itself_would_leave_out(goods: None, tmp_path: Path) -> None:
    refresh_documents([make_product("Cup", sku="CUP", stock=1).pk])
    check_feeds_task()
    checked = {name: found(name) for name in FEEDS}
    for name in FEEDS:
        call_command("export_feed", name, str(tmp_path / name))
        parts = ("items", "rejected", "reasons", "listed")
        assert [found(name)[part] for part in parts] == [checked[name][part] for part in parts]


def test_the_address_has_the_token_unless_everybody_may_read(goods: None) -> None:
    client = staff_client()
    with override_settings(FEED_TOKEN="open-sesame"):
        page = client.get("/admin/feeds/").content.decode()
        assert "/feeds/meta.csv?token=open-sesame" in page
        assert Client().get("/feeds/meta.csv?token=open-sesame").status_code == 200
    with override_settings(FEED_TOKEN="open-sesame", FEEDS_PUBLIC=True):
        assert "open-sesame" not in client.get("/admin/feeds/").content.decode()


def test_who_has_no_business_with_feeds_sees_neither_page_nor_token(goods: None) -> None:
    client = staff_client("warehouse")
    assert client.get("/admin/feeds/").status_code == 403
    assert client.post("/admin/feeds/").status_code == 403
    assert not OutboxEvent.objects.filter(name="feed.check_asked").exists()


def test_the_beat_checks_them_every_night() -> None:
    app.loader.import_default_modules()
    job = next(one for one in app.conf.beat_schedule.values() if one["task"] == "storefront.check_feeds")
    assert job["task"] in app.tasks
