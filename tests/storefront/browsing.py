"""A browser on the pages of the test's own server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ARGUMENTS, find_browser


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium; a missing one skips the test, except in CI."""
    path = find_browser()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium.")
        pytest.skip("Chromium is missing")
    # Playwright's loop runs in this thread; the test's queries beside it are synchronous and alone.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """A page that remembers in `complaints` what the console and the network complained about."""
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((url.split("/", 3)[0] + "//" + url.split("/")[2], "data:"))
            else complaints.append(f"asks {request.url}")
        ),
    )
    page.complaints = complaints  # type: ignore[attr-defined]
    page.goto(url)
    yield page
    context.close()
