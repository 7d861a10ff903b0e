"""In a real browser: no script, 360 px, light and dark, and nothing axe complains about."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ARGUMENTS, find_browser

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium for the browser tests.")
        pytest.skip("Chromium is absent")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def assert_well_made(page: Page) -> None:
    result = Axe().run(page)
    assert [violation["id"] for violation in result.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 360), ("light", 1440), ("dark", 1440)])
def test_every_state_of_the_page_passes_axe_and_fits(shop, browser, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    session = shop.open_session(payment_method_types=["card", "sepa_debit"], customer_email=None)
    page.goto(session.url)
    assert_well_made(page)
    page.get_by_role("button", name="Pay 84.30 EUR").click()
    assert page.get_by_role("alert").is_visible()
    assert_well_made(page)
    page.get_by_label("E-mail").fill("lea@example.com")
    fill_card(page, "4000002760003184")
    page.get_by_role("heading", name="Is it you who pays 84.30 EUR?").wait_for()
    assert_well_made(page)
    page.get_by_role("button", name="Refuse").click()
    assert_well_made(page)
    shop.api.v1.checkout.sessions.expire(session.id)
    page.goto(session.url)
    assert_well_made(page)
    page.close()


def test_without_javascript_a_decline_a_security_step_and_a_payment_work(shop, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    thanks, basket = (shop.inbox.url.replace("webhooks/stripe", path) for path in ("thanks", "basket"))
    session = shop.open_session(success_url=thanks + "?session={CHECKOUT_SESSION_ID}", cancel_url=basket)
    page.goto(session.url)
    fill_card(page, "4000000000000002")
    assert "Your card was declined. Try a different card." in page.get_by_role("alert").inner_text()
    fill_card(page, "4000002500003155")
    page.get_by_role("button", name="Approve 84.30 EUR").click()
    page.wait_for_url(f"{thanks}?session={session.id}")
    assert f"back at /thanks/?session={session.id}" in page.content()
    page.goto(shop.open_session(cancel_url=basket).url)
    page.get_by_role("link", name="Cancel and go back to the shop").click()
    page.wait_for_url(basket)
    assert "back at /basket/" in page.content()
    context.close()


def fill_card(page: Page, number: str) -> None:
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry MM / YY").fill("12 / 34")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay 84.30 EUR").click()
