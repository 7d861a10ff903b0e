"""The staff's menu of three levels: opened, walked and left with the keyboard alone, with and without JavaScript."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from catalog.content.models import Menu, MenuEntry
from catalog.content.publishing import publish_draft
from tests.shopfloor import make_category
from tests.storefront.browsing import open_browser, open_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("CO01")]


def _publish_menu() -> None:
    make_category("Living", "Lamps", "Small")
    menu = Menu.objects.create(place="header")
    for position, (name, url, level) in enumerate(
        [
            ("Rooms", "/c/living/", 1),
            ("Light", "/c/living/lamps/", 2),
            ("Small ones", "/c/living/lamps/small/", 3),
            ("Help", "/info/contact/", 1),
        ]
    ):
        MenuEntry.objects.create(menu=menu, name=name, url=url, level=level, position=position)
    publish_draft(menu, actor=None, actor_name="tests")


def _focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent").strip()


def _tab_to(page: Page, words: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if _focused(page) == words:
            return
    raise AssertionError(f"the keyboard does not reach {words}")


@pytest.mark.parametrize(("width", "has_script"), [(1440, True), (360, False)])
def test_each_level_is_reached_and_opened(live_server: LiveServer, width: int, has_script: bool) -> None:
    _publish_menu()
    size = {"width": width, "height": 800}
    with (
        open_browser() as browser,
        open_page(browser, f"{live_server.url}/info/terms/", viewport=size, java_script_enabled=True) as page,
    ):
        if not has_script:
            page.route("**/*.js", lambda route: route.abort())
            page.goto(f"{live_server.url}/info/terms/")
        _tab_to(page, "Rooms")
        assert not page.get_by_text("Small ones").is_visible()
        page.keyboard.press("Enter")
        assert page.get_by_text("Small ones").is_visible()
        page.keyboard.press("Tab")
        assert _focused(page) == "All of Rooms"
        page.keyboard.press("Tab")
        assert _focused(page) == "Light"
        page.keyboard.press("Tab")
        assert _focused(page) == "Small ones"
        box = page.get_by_text("Small ones").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        centre = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        assert page.evaluate("at => document.elementFromPoint(at.x, at.y).textContent", centre).strip() == "Small ones"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if has_script:
            page.keyboard.press("Escape")
            assert _focused(page) == "Rooms"
            assert not page.get_by_text("Small ones").is_visible()
            page.keyboard.press("Enter")
            _tab_to(page, "Small ones")
        page.keyboard.press("Enter")
        page.wait_for_url("**/c/living/lamps/small/")
        assert page.locator("h1").inner_text() == "Small"
