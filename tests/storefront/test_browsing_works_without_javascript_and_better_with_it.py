"""Home → category → filter → sort → page → product → variant, with JavaScript off and on, with keyboard and finger."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.storefront.browsing import open_browser, open_page
from tests.storefront.conftest import SmallShop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SF01")]

WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def _address(page: Page) -> str:
    return page.evaluate("location.pathname + location.search")


@pytest.mark.parametrize("options", [WIDE, PHONE], ids=["wide", "phone"])
def test_with_javascript_off_every_step_is_a_plain_page(
    live_server: LiveServer, small_shop: SmallShop, options: dict
) -> None:
    with open_browser() as browser, open_page(browser, live_server.url, java_script_enabled=False, **options) as page:
        page.get_by_role("navigation", name="Categories").get_by_role("link", name="Living").click()
        page.get_by_role("navigation", name="Within Living").get_by_role("link", name="Lamps").click()
        if options is PHONE:
            page.get_by_role("button", name="Filters", exact=False).first.click()
        page.get_by_role("checkbox", name="Sage").check()
        page.get_by_role("button", name="Show the products").click()
        assert "colour=Sage" in page.url
        expect(page.get_by_text("6 products", exact=True)).to_be_visible()
        page.get_by_text("Sort:").click()
        page.get_by_role("link", name="Price, low first").click()
        assert "sort=price" in page.url
        page.get_by_role("link", name="Remove filter Colour: Sage").click()
        page.get_by_role("link", name="Next page").click()
        assert "page=2" in page.url
        page.goto(f"{live_server.url}/p/cushion/")
        page.get_by_role("radio", name="Large").check()
        expect(page.get_by_role("button", name="Add to basket")).to_be_hidden()
        page.get_by_role("button", name="Show this combination").click()
        assert "size=Large" in page.url
        expect(page.get_by_text("32.00 EUR")).to_be_visible()
        expect(page.get_by_role("button", name="Add to basket")).to_be_visible()
        expect(page.get_by_role("button", name="Show this combination")).to_be_hidden()


def test_with_javascript_a_filter_answers_at_once_and_back_returns(
    live_server: LiveServer, small_shop: SmallShop
) -> None:
    with open_browser() as browser, open_page(browser, f"{live_server.url}/c/living/lamps/", **WIDE) as page:
        page.evaluate("window.stayed = true")
        page.get_by_role("checkbox", name="Sage").check()
        expect(page.get_by_role("status").get_by_text("6 products")).to_be_visible()
        assert _address(page) == "/c/living/lamps/?colour=Sage"
        assert page.evaluate("window.stayed")
        assert page.evaluate("document.activeElement.value") == "Sage"
        page.go_back()
        expect(page.get_by_text("30 products")).to_be_visible()
        assert _address(page) == "/c/living/lamps/"
        assert page.complaints == []  # type: ignore[attr-defined]


def test_with_javascript_on_a_phone_the_drawer_collects_and_one_button_shows(
    live_server: LiveServer, small_shop: SmallShop
) -> None:
    with open_browser() as browser, open_page(browser, f"{live_server.url}/c/living/lamps/", **PHONE) as page:
        page.get_by_role("button", name="Filters").click()
        page.get_by_role("checkbox", name="Sage").check()
        page.get_by_role("checkbox", name="Linen").check()
        assert _address(page) == "/c/living/lamps/"
        page.get_by_role("button", name="Show the products").click()
        expect(page.get_by_role("status").get_by_text("2 products")).to_be_visible()
        assert _address(page) == "/c/living/lamps/?colour=Sage&material=Linen"
        expect(page.get_by_role("checkbox", name="Sage")).to_be_hidden()
        assert page.complaints == []  # type: ignore[attr-defined]


def test_with_javascript_a_variant_shows_at_once(live_server: LiveServer, small_shop: SmallShop) -> None:
    with open_browser() as browser, open_page(browser, f"{live_server.url}/p/cushion/", **WIDE) as page:
        page.evaluate("window.stayed = true")
        page.get_by_role("radio", name="Large").check()
        expect(page.get_by_text("32.00 EUR")).to_be_visible()
        assert page.evaluate("window.stayed")
        assert re.search(r"\?colour=Sage&size=Large$", _address(page))
        shown = str(small_shop.children["Sage", "Large"].pk)
        expect(page.locator('input[type="hidden"][name="variant"]')).to_have_value(shown)
        page.get_by_role("button", name="One more").click()
        expect(page.get_by_role("spinbutton", name="Quantity")).to_have_value("2")
        page.get_by_role("button", name="One more").click()
        expect(page.get_by_role("spinbutton", name="Quantity")).to_have_value("2")
        assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.feature("SF04")
def test_suggestions_come_while_typing_and_the_arrows_walk_them(live_server: LiveServer, small_shop: SmallShop) -> None:
    with open_browser() as browser, open_page(browser, live_server.url, **WIDE) as page:
        page.get_by_role("searchbox", name="Search the shop").press_sequentially("cush", delay=20)
        expect(page.locator("#suggestions a").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.closest('#suggestions') !== null")
        page.keyboard.press("Escape")
        expect(page.locator("#suggestions a")).to_have_count(0)
        assert page.complaints == []  # type: ignore[attr-defined]


def test_the_basket_count_is_filled_in_from_its_cookie(live_server: LiveServer, small_shop: SmallShop) -> None:
    with open_browser() as browser, open_page(browser, live_server.url, **WIDE) as page:
        expect(page.locator("[data-basket-count]")).to_be_hidden()
        page.context.add_cookies([{"name": "basket_count", "value": "3", "url": live_server.url}])
        page.reload()
        expect(page.get_by_role("link", name="Basket 3 things")).to_be_visible()
