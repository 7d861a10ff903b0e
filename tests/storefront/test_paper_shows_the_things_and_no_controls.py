"""Printed pages hold what somebody wants on paper, and nothing that is there to be pressed."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.storefront.browsing import open_browser, open_page
from tests.storefront.conftest import SmallShop

pytestmark = pytest.mark.django_db(transaction=True)
CONTROLS = "button, input, select, summary, nav, [popover], .menu, .chip"
SHOWN = "all => all.filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 120))"


def test_a_product_and_a_list_are_printed_without_their_controls(
    live_server: LiveServer, small_shop: SmallShop
) -> None:
    with open_browser() as browser:
        for address, words in (("/p/cushion/", "Cushion"), ("/c/living/", "product")):
            with open_page(browser, f"{live_server.url}{address}") as page:
                page.emulate_media(media="print")
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                assert words in page.locator("main").inner_text()
                assert page.locator(CONTROLS).evaluate_all(SHOWN) == [], address
                assert page.locator("main").evaluate("main => main.getBoundingClientRect().top") < 100
