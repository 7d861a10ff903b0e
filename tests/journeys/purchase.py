"""The steps of a purchase with pointer or finger, the same with and without script."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.window import Window
from tests.live.shopper import PERSON

ADDRESS = {
    "given-name": PERSON["first_name"],
    "family-name": PERSON["last_name"],
    "address-line1": PERSON["line1"],
    "postal-code": PERSON["postcode"],
    "address-level2": PERSON["city"],
}
"""By the tokens that let a browser fill them in."""

CARD = {"number": "4242424242424242", "expiry": "12 / 34", "cvc": "123"}


def buy_something(window: Window) -> str:
    """From the home page to a paid order; returns the address of the order page."""
    find_product(window)
    choose_variant(window)
    fill_basket(window)
    fill_checkout(window)
    return pay(window)


def find_product(window: Window) -> None:
    page = window.page
    page.goto("/")
    window.look("home")
    page.get_by_role("navigation", name="Categories").get_by_role("link").first.click()
    expect(page.locator(".site-nav a[aria-current]")).to_have_count(1)
    window.look("category")
    if window.is_narrow:
        page.get_by_role("button", name="Filters").click()
        window.look("filters")
    option = page.locator("#facets [role=group] label:has(input:enabled)").first
    count = int(re.findall(r"\d+", option.locator("small").inner_text())[0])
    option.click()
    if window.is_narrow or not window.has_script:
        page.get_by_role("button", name="Show the products").click()
    expect(page.locator(".active-filters .chip")).to_have_count(1)
    expect(page.locator(".count-words")).to_have_text(re.compile(rf"^\s*{count} product"))
    window.look("filtered")
    page.locator(".card-name a").first.click()
    expect(page.locator(".purchase h1")).to_be_visible()
    window.look("product")


def choose_variant(window: Window) -> None:
    """Another colour or size than the page came with; what is shown is what will be added."""
    page = window.page
    added = page.locator(".buy input[name=variant]")
    before = added.input_value() if added.count() else ""
    facts = page.locator("table.facts").inner_text()
    page.locator(".axis label:not(.option-gone):has(input:not(:checked))").first.click()
    if not window.has_script:
        expect(page.get_by_role("button", name="Add to basket")).to_be_hidden()
        page.get_by_role("button", name="Show this combination").click()
    expect(added).not_to_have_value(before)
    assert page.locator("table.facts").inner_text() != facts, "the facts are still those of the other variant"
    window.look("variant")


def fill_basket(window: Window) -> None:
    page = window.page
    name = page.locator(".purchase h1").inner_text()
    page.get_by_role("button", name="Add to basket").click()
    if window.has_script:
        expect(page.locator("[data-basket-count]")).to_be_visible()
        window.look("added")
        page.get_by_role("link", name="See the basket").click()
    expect(page.get_by_role("heading", name="Basket", level=1)).to_be_visible()
    expect(page.locator("#basket .line-body h2")).to_have_text(name)
    window.reload()
    page.get_by_role("button", name=f"One {name} more").click()
    expect(page.get_by_role("spinbutton", name="Quantity of")).to_have_value("2")
    window.look("basket")
    page.get_by_role("link", name="Go to checkout").click()


def fill_checkout(window: Window) -> None:
    """Contact (refused once), address, delivery, review; ends before the pay button."""
    page = window.page
    window.look("contact")
    window.expects_refusal = True
    page.get_by_label("E-mail").fill("ada@")
    page.get_by_role("button", name="Go on to the address").click()
    expect(page.locator("#errors")).to_be_visible()
    assert_error_is_tied(page.get_by_label("E-mail"))
    expect(page.get_by_label("E-mail")).to_have_value("ada@")
    window.look("contact-refused")
    window.expects_refusal = False
    page.get_by_label("E-mail").fill(PERSON["email"])
    page.get_by_role("button", name="Go on to the address").click()
    expect(page.get_by_label("First name")).to_be_visible()
    window.reload()
    window.look("address")
    for token, value in ADDRESS.items():
        page.locator(f'[autocomplete="shipping {token}"]').fill(value)
    page.get_by_role("button", name="Go on to delivery").click()
    expect(page.get_by_role("radio").first).to_be_visible()
    window.look("delivery")
    page.locator("label.choice").first.click()
    page.get_by_role("button", name="Go on to the review").click()
    expect(page.get_by_role("button", name="Pay ")).to_be_visible()
    window.reload()
    window.look("review")


def pay(window: Window) -> str:
    page = window.page
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Pay ").click()
    page.wait_for_url(f"{window.shop.sandbox_url}/**")
    window.look("payment")
    for field, value in CARD.items():
        page.locator(f"#{field}").fill(value)
    page.get_by_role("button", name="Pay ").click()
    page.wait_for_url("**/order/*/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    window.reload()
    window.look("order")
    return page.url


def assert_error_is_tied(field: Locator) -> None:
    """A screen reader hears the error with the field."""
    expect(field).to_have_attribute("aria-invalid", "true")
    ids = (field.get_attribute("aria-describedby") or "").split()
    assert any("error" in one for one in ids), f"the error is not among what describes the field: {ids}"
