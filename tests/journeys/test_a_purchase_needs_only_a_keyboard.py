"""With the keyboard alone, on a page 320 px wide: what a desktop shows at 400 % zoom (WCAG 1.4.10 and 2.1.1)."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenWindow
from tests.journeys.keyboard import Keyboard
from tests.journeys.purchase import ADDRESS, CARD
from tests.live.shopper import PERSON

pytestmark = pytest.mark.live
MOST_GROUPS = 25
"""From the checkout to the paid order."""


@pytest.mark.feature("SF12", "CC02")
@pytest.mark.parametrize("has_script", [False, True], ids=["script-off", "script-on"])
def test_tab_enter_and_typing_buy(open_window: OpenWindow, has_script: bool) -> None:
    window = open_window(name=f"keyboard-{has_script}", width=320, has_script=has_script)
    page, keys = window.page, Keyboard(window)
    page.goto("/")
    keys.press(".skip")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/")
    keys.type_into("#search", "calm thing")
    page.keyboard.press("Enter")
    expect(page.locator(".card").first).to_be_visible()
    window.look("search")
    keys.press(".card:has(.swatches) .card-name a")
    expect(page.locator(".purchase h1")).to_be_visible()
    _choose_the_next_variant(keys, has_script=has_script)
    window.look("product")
    keys.press(".buy button[type=submit]")
    if has_script:
        expect(page.get_by_role("link", name="See the basket")).to_be_visible()
        keys.press("#added a")
    expect(page.get_by_role("heading", name="Basket", level=1)).to_be_visible()
    window.look("basket")
    keys.press("a[href='/checkout/']")
    _check_out(keys)


def _choose_the_next_variant(keys: Keyboard, *, has_script: bool) -> None:
    page = keys.page
    chosen = page.locator(".buy input[name=variant]")
    before = chosen.input_value()
    keys.press(".axis input[type=radio]:checked", "ArrowDown")
    if not has_script:
        keys.press(".picker-show")
    expect(chosen).not_to_have_value(before)


def _check_out(keys: Keyboard) -> None:
    page, window = keys.page, keys.window
    expect(page.get_by_label("E-mail")).to_be_visible()
    keys.groups = 0
    window.look("contact")
    keys.type_into("[autocomplete=email]", PERSON["email"])
    page.keyboard.press("Enter")
    expect(page.get_by_label("First name")).to_be_visible()
    for token, value in ADDRESS.items():
        keys.type_into(f'[autocomplete="shipping {token}"]', value)
    page.keyboard.press("Enter")
    window.look("delivery")
    keys.press("#delivery [type=radio]", "Space")
    keys.press("#delivery [type=submit]")
    expect(page.get_by_role("button", name="Pay ")).to_be_visible()
    window.look("review")
    keys.press("#review [type=checkbox]", "Space")
    keys.press("#review [type=submit]")
    page.wait_for_url(f"{window.shop.sandbox_url}/**")
    window.look("payment")
    for field, value in CARD.items():
        keys.type_into(f"#{field}", value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/order/*/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    window.look("order")
    assert keys.groups <= MOST_GROUPS
