"""One running shop and one browser for the whole folder."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import ARGUMENTS, find_browser
from tests.journeys.small_shop import furnish
from tests.journeys.window import Window
from tests.live.running_shop import RunningShop

OpenWindow = Callable[..., Window]


# Scoped to this folder: the browser's event loop must be gone when the next room's tests touch the database.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium.")
        pytest.skip("Chromium is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[RunningShop]:
    folder = tmp_path_factory.mktemp("journeys")
    shop = RunningShop(folder / "state", demo=False).start()
    try:
        furnish(shop, folder)
        yield shop
    finally:
        left = shop.stop()
    assert left == []


@pytest.fixture
def open_window(browser: Browser, shop: RunningShop) -> Iterator[OpenWindow]:
    """Opens windows for a test; it fails with everything that any of them complained about."""
    windows: list[Window] = []

    def open_one(**options: Any) -> Window:
        windows.append(Window(browser, shop, **options))
        return windows[-1]

    yield open_one
    for window in windows:
        window.close()
    complaints = [words for window in windows for words in window.complaints]
    assert not complaints, "\n".join(complaints)
