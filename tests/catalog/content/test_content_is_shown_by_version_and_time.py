"""Drafts are not seen; versions are, from their second to their second by the database's clock, and can be gone back to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from oscar.apps.catalogue.models import Product

from catalog.addresses.models import FormerAddress
from catalog.content.markup import clean_markup
from catalog.content.models import Block, Menu, MenuEntry, Page, Showing, Version
from catalog.content.preview import preview_path
from catalog.content.publishing import (
    ContentRefused,
    database_time,
    end_showing,
    keep_version,
    publish_draft,
    restore_version,
)
from catalog.content.shown import next_content_change, shown_addresses
from shop.audit.models import AuditEntry
from tests.shopfloor import make_category, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CO01")]


def _page(slug: str = "kiln", text: str = "Our kiln is warm.") -> Page:
    page = Page.objects.create(slug=slug, title="The kiln")
    Block.objects.create(page=page, title="Heat", text=text)
    return page


def _write(page: Page, text: str) -> None:
    Block.objects.filter(page=page).update(text=text)


def _publish(piece: Page | Menu, **times: object) -> Showing:
    return publish_draft(piece, actor=None, actor_name="tests", **times)  # type: ignore[arg-type]


def _shift(showing: Showing, **by: float) -> None:
    """As if it had been made at another time."""
    Showing.objects.filter(pk=showing.pk).update(starts_at=database_time() + timedelta(**by))


def test_a_draft_is_seen_when_it_is_published_and_not_before(client: Client) -> None:
    page = _page()
    assert client.get("/info/kiln/").status_code == 404
    _publish(page)
    assert "Our kiln is warm." in client.get("/info/kiln/").text
    _write(page, "Our kiln is cold.")
    assert "Our kiln is warm." in client.get("/info/kiln/").text
    _publish(page)
    assert "Our kiln is cold." in client.get("/info/kiln/").text


def test_a_page_begins_and_ends_at_its_second_without_anybody_doing_anything(client: Client) -> None:
    page = _page()
    _shift(_publish(page), hours=-3)
    _write(page, "Open on Sunday.")
    now = database_time()
    later = _publish(page, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    assert next_content_change() == later.starts_at
    assert "Our kiln is warm." in client.get("/info/kiln/").text
    _shift(later, seconds=-1)
    assert "Open on Sunday." in client.get("/info/kiln/").text
    assert next_content_change() == later.ends_at
    Showing.objects.filter(pk=later.pk).update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(seconds=1))
    assert "Our kiln is warm." in client.get("/info/kiln/").text


def test_what_is_ended_is_gone_with_what_was_scheduled(client: Client) -> None:
    page = _page()
    _publish(page)
    _publish(page, starts_at=database_time() + timedelta(days=1))
    assert end_showing(page, actor=None) == 2
    assert client.get("/info/kiln/").status_code == 404
    assert "kiln" not in shown_addresses()
    assert next_content_change() is None


def test_any_version_can_be_gone_back_to_and_nothing_is_lost(client: Client) -> None:
    page = _page(text="<p>First <strong>words</strong></p>")
    Block.objects.create(page=page, kind=Block.Kind.STORY, title="Clay", text="From a pit", tint=4, position=9)
    _publish(page)
    first = Version.objects.get(subject=page.subject)
    page.blocks.all().delete()
    Page.objects.filter(pk=page.pk).update(title="Another title")
    page.refresh_from_db()
    _publish(page)
    Page.objects.filter(pk=page.pk).update(lead="Not yet published")
    page.refresh_from_db()
    restore_version(page, version=first, actor=None)
    page.refresh_from_db()
    assert (page.title, page.lead) == ("The kiln", "")
    assert [block.kind for block in page.blocks.all()] == ["text", "story"]
    assert "Another title" in client.get("/info/kiln/").text
    assert [one.number for one in Version.objects.filter(subject=page.subject)] == [3, 2, 1]
    kept = Version.objects.get(subject=page.subject, number=3)
    assert kept.body["lead"] == "Not yet published"
    again = _publish(page)
    assert again.version.body == first.body
    assert AuditEntry.objects.filter(subject_type="page", action__in=("publish", "restore")).count() == 4


def test_a_menu_is_gone_back_to_with_all_its_levels() -> None:
    menu = Menu.objects.create(place="header")
    for position, (name, level) in enumerate([("A", 1), ("B", 2), ("C", 3), ("D", 2), ("E", 1)]):
        MenuEntry.objects.create(menu=menu, name=name, url="/", level=level, position=position)
    first = keep_version(menu, actor=None)
    menu.entries.all().delete()
    restore_version(menu, version=first, actor=None)
    assert [(one.name, one.level) for one in menu.entries.all()] == [("A", 1), ("B", 2), ("C", 3), ("D", 2), ("E", 1)]
    assert keep_version(menu, actor=None).body == first.body


def test_the_database_refuses_to_change_a_version() -> None:
    showing = _publish(_page())
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=showing.version_id).update(note="better")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM content_version")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="/c/lamps/">a</a>', '<a href="/c/lamps/" rel="noopener noreferrer">a</a>'),
        ('<img src=x onerror="x()"><iframe src="//x"></iframe><p style="color:red">b</p>', "<p>b</p>"),
        ("<svg><script>x</script></svg>c<style>p{}</style>", "<p>c</p>"),
        ("2 < 3 & 4\n\nnext", "<p>2 &lt; 3 &amp; 4</p>\n\n<p>next</p>"),
    ],
)
def test_scripts_styles_and_handlers_are_taken_out(client: Client, written: str, shown: str) -> None:
    make_category("Lamps")
    assert clean_markup(written) == shown
    assert clean_markup(clean_markup(written)) == clean_markup(written)
    page = _page(text=written)
    _publish(page)
    main = client.get("/info/kiln/").text.split("<main")[1].split("</main>")[0]
    assert shown in main
    assert "<script" not in main


def _archive(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(is_public=False)


@pytest.mark.parametrize("place", ["block", "text", "menu"])
@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("/p/gone/", "is hidden from the shop"),
        ("/p/never/", "does not exist"),
        ("/c/living/attic/", "does not exist"),
        ("/info/draft/", "is hidden from the shop"),
        ("/nowhere/", "does not exist"),
        ("/collection/never/", "does not exist"),
    ],
)
def test_a_link_to_what_shoppers_cannot_open_stops_publishing(place: str, target: str, sentence: str) -> None:
    make_category("Living", "Lamps")
    gone = make_product("Lamp")
    Product.objects.filter(pk=gone.pk).update(slug="gone")
    _archive(gone)
    _page("draft")
    piece: Page | Menu
    if place == "menu":
        piece = Menu.objects.create(place="header")
        MenuEntry.objects.create(menu=piece, name="Light", url="/c/living/lamps/")
        MenuEntry.objects.create(menu=piece, name="Old", url=target, level=2, position=1)
    else:
        piece = _page(text=f'<a href="{target}">look</a>' if place == "text" else "Look")
        Block.objects.filter(page=piece).update(link_url=target if place == "block" else "/c/living/lamps/?sort=price")
    with pytest.raises(ContentRefused, match=f"leads to {target}, which {sentence}. Choose another target"):
        _publish(piece)
    assert not Version.objects.filter(subject=piece.subject).exists()


def test_links_that_work_or_leave_the_shop_do_not_stop_publishing() -> None:
    lamp = make_product("Lamp")
    Product.objects.filter(pk=lamp.pk).update(slug="old")
    Product.objects.filter(pk=lamp.pk).update(slug="new")
    links = (
        "/p/old/",
        "/p/new/#reviews",
        "/info/terms/",
        "/",
        "/search/?q=lamp",
        "https://example.org/x",
        "mailto:a@b.example",
    )
    _publish(_page(text="".join(f'<a href="{link}">x</a>' for link in links)))


@pytest.mark.parametrize("hours", [-1.0, 0.0])
def test_an_end_before_the_beginning_is_refused(hours: float) -> None:
    now = database_time()
    with pytest.raises(ContentRefused, match="Choose a later end"):
        _publish(_page(), ends_at=now + timedelta(hours=hours))


def test_a_signed_link_shows_the_draft_to_whoever_has_it(client: Client) -> None:
    page = _page(text="Not yet.")
    answer = client.get(preview_path(page))
    assert "Not yet." in answer.text
    assert "This is a draft" in answer.text
    assert 'name="robots" content="noindex"' in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    first = keep_version(page, actor=None)
    _write(page, "Now.")
    assert "Now." in client.get(preview_path(page)).text
    assert "Not yet." in client.get(preview_path(page, version=first)).text
    assert client.get(preview_path(page)[:-4] + "xyz/").status_code == 404
    menu = Menu.objects.create(place="header")
    MenuEntry.objects.create(menu=menu, name="A draft of an entry", url="/")
    assert "A draft of an entry" in client.get(preview_path(menu)).text
    assert "A draft of an entry" not in client.get("/").text


def test_a_page_that_gets_another_address_leaves_one_redirect(client: Client) -> None:
    page = _page()
    _publish(page)
    Page.objects.filter(pk=page.pk).update(slug="oven")
    answer = client.get("/info/kiln/")
    assert (answer.status_code, answer["Location"]) == (301, "/info/oven/")
    assert FormerAddress.objects.get().kind == "page"


def test_every_shop_begins_with_its_legal_and_service_pages(client: Client) -> None:
    for slug in ("delivery", "returns", "terms", "privacy", "imprint", "contact", "accessibility"):
        assert client.get(f"/info/{slug}/").status_code == 200
        assert f'href="/info/{slug}/"' in client.get("/info/terms/").text
