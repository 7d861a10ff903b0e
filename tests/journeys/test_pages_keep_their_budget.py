"""What really goes over the wire for the pages that most visits begin with, measured in an empty browser."""

import re

import pytest
from playwright.sync_api import Browser, Response

from tests.live.running_shop import RunningShop

pytestmark = [pytest.mark.live, pytest.mark.feature("SF11")]
KILOBYTE = 1000
KINDS = {"document": "HTML", "stylesheet": "CSS", "script": "JS"}
BOUGHT_IN = "/static/django_htmx/"
"""Scripts of libraries count for the page, not for what is our own."""


@pytest.mark.parametrize("which", ["home", "category", "product"])
def test_a_page_stays_within_its_budget(browser: Browser, shop: RunningShop, which: str) -> None:
    context = browser.new_context(base_url=shop.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/")
    address = {
        "home": "/",
        "category": page.locator(".site-nav a").first.get_attribute("href"),
        "product": page.locator(".card-name a").first.get_attribute("href"),
    }[which]
    context.close()

    context = browser.new_context(base_url=shop.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    document = page.goto(str(address), wait_until="networkidle")
    assert document is not None

    weights = {
        answer.url.removeprefix(shop.url): answer.request.sizes()["responseBodySize"]
        for answer in answers
        if answer.request.resource_type in KINDS
    }
    by_weight = sorted(weights.items(), key=lambda item: -item[1])
    total, most = sum(weights.values()), 100 * KILOBYTE
    assert total <= most, f"{which} weighs {total} bytes, {total - most} too many; heaviest first: {by_weight}"
    own = {name: size for name, size in weights.items() if re.search(r"\.js$", name) and BOUGHT_IN not in name}
    assert sum(own.values()) <= 15 * KILOBYTE, f"our own scripts on {which} weigh too much: {own}"

    html = document.text()
    inline = re.findall(r"<script(?![^>]*(?:\ssrc=|application/ld\+json))[^>]*>|<style[^>]*>|\sstyle=\"[^\"]*\"", html)
    assert inline == [], f"{which} has inline script or style: {inline}"
    assert context.cookies() == [], f"{which} set cookies on a visit without a name: {context.cookies()}"
    with_cookie = [answer.url for answer in answers if "set-cookie" in answer.headers]
    assert with_cookie == [], f"these set a cookie on {which}: {with_cookie}"
    context.close()
