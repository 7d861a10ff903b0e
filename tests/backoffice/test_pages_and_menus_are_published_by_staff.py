"""Marketing writes a page and a menu, looks at the draft, publishes it now or later, and goes back to a version."""

import re

import pytest
from django.test import Client

from catalog.content.models import Block, Menu, MenuEntry, Page, Showing, Version
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CO01")]
BLOCKS = "blocks"


def _form(*blocks: dict[str, object], **fields: object) -> dict[str, object]:
    data: dict[str, object] = {"title": "The kiln", "slug": "kiln", "lead": "", "description": "", **fields}
    data |= {f"{BLOCKS}-TOTAL_FORMS": len(blocks), f"{BLOCKS}-INITIAL_FORMS": 0}
    for number, block in enumerate(blocks):
        data |= {
            f"{BLOCKS}-{number}-{name}": value
            for name, value in {"kind": "text", "tint": 0, "position": number, "is_shown": "on", **block}.items()
        }
    return data


def test_a_page_is_written_seen_published_and_gone_back_to(client: Client) -> None:
    desk = staff_client("marketing")
    saved = desk.post("/admin/content/page/add/", _form({"title": "Heat", "text": "Warm."}))
    assert saved.status_code == 302, re.findall(r"errorlist[^<]*<[^<]*<[^<]*", saved.content.decode())
    page = Page.objects.get(slug="kiln")
    assert AuditEntry.objects.get(subject_type="page", action="add").actor_name == "marketing@shop.example"
    sheet = desk.get(f"/admin/content/page/{page.pk}/change/").content.decode()
    link = re.search(r'href="(/preview/[^"]+)"', sheet)
    assert link
    assert "Warm." in client.get(link[1]).text
    assert client.get("/info/kiln/").status_code == 404
    address = f"/admin/content/page/{page.pk}/publish/"
    assert "Shoppers see the draft as it is saved now" in desk.get(address).content.decode()
    assert desk.post(address, {"key": "a", "note": "first"}).status_code == 303
    assert "Warm." in client.get("/info/kiln/").text
    version = Version.objects.get(subject=page.subject)
    assert (version.note, version.made_by) == ("first", "marketing@shop.example")
    Block.objects.filter(page=page).update(text="Cold.")
    assert desk.post(f"/admin/content/page/restore/{version.pk}/", {"key": "b"}).status_code == 303
    assert Block.objects.get(page=page).text == "<p>Warm.</p>"
    assert desk.post(f"/admin/content/page/{page.pk}/end/", {"key": "c"}).status_code == 303
    assert client.get("/info/kiln/").status_code == 404
    assert "draft" in desk.get("/admin/content/page/?q=kiln").content.decode()


def test_a_page_can_wait_for_its_minute_and_a_dead_link_is_named(client: Client) -> None:
    desk = staff_client("marketing")
    desk.post("/admin/content/page/add/", _form({"text": "Warm.", "link_url": "/c/nowhere/", "link_name": "x"}))
    page = Page.objects.get(slug="kiln")
    address = f"/admin/content/page/{page.pk}/publish/"
    assert "leads to /c/nowhere/, which does not exist" in desk.get(address).content.decode()
    refused = desk.post(address, {"key": "a"})
    assert refused.status_code == 200
    assert "leads to /c/nowhere/, which does not exist" in refused.content.decode()
    assert not Showing.objects.filter(subject=page.subject).exists()
    Block.objects.filter(page=page).update(link_url="/")
    assert desk.post(address, {"key": "a", "starts_at": "2090-01-01T10:00"}).status_code == 303
    assert client.get("/info/kiln/").status_code == 404
    assert "scheduled" in desk.get("/admin/content/page/?q=kiln").content.decode()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//example.org", "x", "http://example.org/"])
def test_a_link_that_is_no_address_is_refused_in_words(link: str) -> None:
    page = staff_client("marketing").post("/admin/content/page/add/", _form({"text": "a", "link_url": link}))
    assert "Begin with / for a page of this shop" in page.content.decode()
    assert not Page.objects.filter(slug="kiln").exists()


def test_a_menu_of_three_levels_takes_the_place_of_the_categories(client: Client) -> None:
    make_category("Living", "Lamps", "Small")
    desk = staff_client("marketing")
    entries = [
        ("Rooms", "/c/living/", 1),
        ("Light", "/c/living/lamps/", 2),
        ("Small ones", "/c/living/lamps/small/", 3),
        ("Help", "/info/contact/", 1),
    ]
    data: dict[str, object] = {"place": "header", "entries-TOTAL_FORMS": len(entries), "entries-INITIAL_FORMS": 0}
    for number, (name, url, level) in enumerate(entries):
        data |= {
            f"entries-{number}-{key}": value
            for key, value in {"name": name, "url": url, "level": level, "position": number}.items()
        }
    assert desk.post("/admin/content/menu/add/", data).status_code == 302
    menu = Menu.objects.get(place="header")
    assert "Rooms" not in client.get("/").text.split("</header>")[0]
    assert desk.post(f"/admin/content/menu/{menu.pk}/publish/", {"key": "a"}).status_code == 303
    head = client.get("/c/living/lamps/small/").text.split("</header>")[0]
    assert re.findall(r">(Rooms|Light|Small ones|Help)\s?<", head) == ["Rooms", "Light", "Small ones", "Help"]
    assert head.count("aria-current") == 3
    MenuEntry.objects.filter(menu=menu).delete()
    assert (
        "The menu has no entry" in desk.post(f"/admin/content/menu/{menu.pk}/publish/", {"key": "b"}).content.decode()
    )
