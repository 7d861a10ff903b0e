"""Pictures: reserved space and modern formats in the page; thumbnails, keyboard and enlargement in the browser."""

import io
from pathlib import Path

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product
from PIL import Image
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from catalog.media.store import attach_picture, store_picture
from catalog.search.index import refresh_documents
from tests.storefront.browsing import open_browser, open_page
from tests.storefront.conftest import SmallShop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pictured(small_shop: SmallShop, settings: Settings, tmp_path: Path) -> Product:
    """The cushion with two pictures of its own; its large variant has one more."""
    settings.MEDIA_ROOT = tmp_path
    for place, colour in ((small_shop.cushion, "olive"), (small_shop.cushion, "tan")):
        attach_picture(place, store_picture(_paint(colour)), alt=f"{colour} cushion")
    large = small_shop.children["Sage", "Large"]
    attach_picture(large, store_picture(_paint("teal")), alt="large cushion")
    refresh_documents([small_shop.cushion.pk])
    return small_shop.cushion


def _paint(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 1000), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_pictures_come_in_two_formats_with_their_space_reserved(client: Client, pictured: Product) -> None:
    page = client.get("/p/cushion/").text
    assert 'type="image/avif"' in page
    assert 'type="image/webp"' in page
    assert 'width="800" height="1000" fetchpriority="high"' in page
    assert 'alt="olive cushion"' in page


def test_the_chosen_variants_picture_comes_first(client: Client, pictured: Product) -> None:
    gallery = client.get("/p/cushion/?colour=Sage&size=Large").text.split("gallery-views")[1]
    assert gallery.index("large cushion") < gallery.index("olive cushion")


def test_thumbnails_turn_the_row_and_a_click_enlarges(live_server: LiveServer, pictured: Product) -> None:
    wide = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
    with open_browser() as browser, open_page(browser, f"{live_server.url}/p/cushion/", **wide) as page:
        page.get_by_role("link", name="Picture 2 of 3").click()
        expect(page.get_by_role("link", name="Picture 2 of 3")).to_have_attribute("aria-current", "true")
        page.get_by_role("link", name="Enlarge picture 2").press("Enter")
        dialog = page.get_by_role("dialog", name="Enlarged picture")
        expect(dialog.get_by_role("img", name="tan cushion")).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert page.complaints == []  # type: ignore[attr-defined]


def test_without_javascript_a_picture_leads_to_its_large_file(live_server: LiveServer, pictured: Product) -> None:
    url = f"{live_server.url}/p/cushion/"
    with open_browser() as browser, open_page(browser, url, java_script_enabled=False) as page:
        page.get_by_role("link", name="Enlarge picture 1").click()
        assert page.url.endswith("/800.webp")
