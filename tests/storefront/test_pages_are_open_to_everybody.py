"""WCAG 2.2 AA by machine on each kind of page, by day and by night; 320 px without sideways scrolling; touch targets.

The results of this run are what the accessibility statement shows (see tests.storefront.accessibility).
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.storefront.accessibility import RESULTS, SWITCH
from tests.storefront.browsing import open_browser, open_page
from tests.storefront.conftest import SmallShop
from tests.storefront.templates_visited import Cookies, Visit, prepare_visits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SF12")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links inside running text are exempt (WCAG 2.5.8); a card's link covers the card.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter((one) => one.checkVisibility() && !one.closest('p, td, figcaption, .skip, .card-name, .prose, .notice'))
    .map((one) => [(one.closest('label') ?? one).getBoundingClientRect(), one])
    .filter(([box]) => box.width > 2 && box.height < 43.5)
    .map(([box, one]) => `${one.tagName} ${one.className} "${one.textContent.trim().slice(0, 30)}" ${box.height}`)"""


@contextmanager
def visit(browser: Browser, url: str, one: Visit, cookies: Cookies, **options: Any) -> Iterator[Page]:
    with open_page(browser, url + "/robots.txt", **options) as page:
        page.context.add_cookies(cookies.customer if one.is_signed_in else cookies.guest)  # type: ignore[arg-type]
        page.complaints.clear()  # type: ignore[attr-defined]
        page.goto(url + one.address)
        if one.press:
            page.get_by_role("button", name=one.press).click()
            page.locator("#errors").wait_for()
        yield page


VIEWS = ((360, "light"), (1440, "dark"))


def test_no_page_breaks_a_rule_that_a_machine_can_check(live_server: LiveServer, small_shop: SmallShop) -> None:
    axe, found, version = Axe(), [], ""
    visits, cookies = prepare_visits(small_shop, url=live_server.url)
    assert len(visits) >= 15
    with open_browser() as browser:
        for number, one in enumerate(visits):
            broken, passed = set(), set()
            # For the statement each page is seen both ways; in each other run every second one this way, the rest that.
            for width, scheme in VIEWS if os.environ.get(SWITCH) else VIEWS[number % 2 :][:1]:
                options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
                with visit(browser, live_server.url, one, cookies, **options) as page:
                    answer = axe.run(page, options={"runOnly": RULES}).response
                    version = answer["testEngine"]["version"]
                    passed |= {rule["id"] for rule in answer["passes"]}
                    broken |= {
                        f"{rule['id']} ({width} px, {scheme}): {rule['nodes'][0]['html'][:160]}"
                        for rule in answer["violations"]
                    }
            found.append({"name": one.name, "rules": len(passed), "broken": sorted(broken)})
    if os.environ.get(SWITCH):
        results = {"checked_on": str(timezone.localdate()), "tool": f"axe-core {version}", "pages": found}
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    assert {one["name"]: one["broken"] for one in found if one["broken"] or not one["rules"]} == {}


def test_at_320_pixels_nothing_scrolls_sideways_and_fingers_hit_everything(
    live_server: LiveServer, small_shop: SmallShop
) -> None:
    found = []
    visits, cookies = prepare_visits(small_shop, url=live_server.url)
    options = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
    with open_browser() as browser:
        for one in visits:
            with visit(browser, live_server.url, one, cookies, **options) as page:
                if page.evaluate(SIDEWAYS) > 0 or page.evaluate("innerWidth") > 320:
                    found.append(f"{one.name} scrolls sideways")
                found += [f"{one.name}: {target}" for target in page.evaluate(SMALL_TARGETS)]
    assert found == []


def test_errors_stand_on_top_with_the_focus_and_lead_to_their_fields(
    live_server: LiveServer, small_shop: SmallShop
) -> None:
    visits, cookies = prepare_visits(small_shop, url=live_server.url)
    with open_browser() as browser:
        for one in visits:
            if not one.press:
                continue
            with visit(browser, live_server.url, one, cookies, viewport={"width": 360, "height": 740}) as page:
                assert page.evaluate("document.activeElement.id") == "errors"
                link = page.locator("#errors a").first
                target = str(link.get_attribute("href")).removeprefix("#")
                assert page.locator(f"[id='{target}'], [id^='{target}_']").count() >= 1
                field = page.locator("[aria-invalid=true]").first
                described = str(field.get_attribute("aria-describedby") or "")
                assert "error" in described or one.name.startswith("Writing")


def test_the_statement_shows_the_results_of_a_run_over_all_these_pages(
    live_server: LiveServer, small_shop: SmallShop, client: Client
) -> None:
    visits, _ = prepare_visits(small_shop, url=live_server.url)
    results = json.loads(RESULTS.read_text())
    assert [one["name"] for one in results["pages"]] == [one.name for one in visits]
    assert all(one["broken"] == [] for one in results["pages"])
    statement = client.get("/accessibility/").text
    for one in results["pages"]:
        assert f'<th scope="row">{one["name"]}</th>' in statement
    assert results["tool"] in statement
    assert "What we know is missing" in statement
    assert 'href="/accessibility/"' in client.get("/").text
