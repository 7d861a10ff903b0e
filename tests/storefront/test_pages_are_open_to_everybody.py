"""WCAG 2.2 AA by machine on each kind of page, by day and by night; 320 px without sideways scrolling; touch targets."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from pytest_django.live_server_helper import LiveServer

from tests.storefront.browsing import open_browser, open_page
from tests.storefront.conftest import SmallShop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SF12")]

PAGES = [
    "/",
    "/c/living/lamps/?colour=Sage",
    "/search/?q=lamp",
    "/search/?q=zzzzzz",
    "/p/cushion/?colour=Sage&size=Large",
    "/p/cushion/?colour=Clay&size=Large",
    "/info/delivery/",
    "/nothing/lamp/",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links inside running text are exempt (WCAG 2.5.8); a card's link covers the card.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter((one) => one.checkVisibility() && !one.closest('p, td, figcaption, .skip, .card-name, .prose'))
    .map((one) => [(one.closest('label') ?? one).getBoundingClientRect(), one])
    .filter(([box]) => box.width > 2 && box.height < 43.5)
    .map(([box, one]) => `${one.tagName} ${one.className} "${one.textContent.trim().slice(0, 30)}" ${box.height}`)"""


def test_no_page_breaks_a_rule_that_a_machine_can_check(live_server: LiveServer, small_shop: SmallShop) -> None:
    axe, broken = Axe(), []
    with open_browser() as browser:
        for address in PAGES:
            for width, scheme in ((360, "light"), (1440, "dark")):
                options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
                with open_page(browser, live_server.url + address, **options) as page:
                    result = axe.run(page, options={"runOnly": RULES})
                    assert result.response["passes"]
                    broken += [
                        f"{address} {width} {scheme}: {found['id']}: {found['nodes'][0]['html'][:120]}"
                        for found in result.response["violations"]
                    ]
                    broken += [
                        f"{address}: {words}"
                        for words in page.complaints  # type: ignore[attr-defined]
                        if "404 (Not Found)" not in words
                    ]
    assert broken == []


def test_at_320_pixels_nothing_scrolls_sideways_and_fingers_hit_everything(
    live_server: LiveServer, small_shop: SmallShop
) -> None:
    found = []
    options = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
    with open_browser() as browser:
        for address in PAGES:
            with open_page(browser, live_server.url + address, **options) as page:
                if page.evaluate(SIDEWAYS) > 0 or page.evaluate("innerWidth") > 320:
                    found.append(f"{address} scrolls sideways")
                found += [f"{address} {target}" for target in page.evaluate(SMALL_TARGETS)]
    assert found == []
