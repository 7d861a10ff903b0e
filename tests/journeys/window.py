"""One browser window that remembers what it asked for and what it complained about, and judges every page it looks at."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.live.running_shop import RunningShop

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEFT_OUT = {"landmark-unique": {"enabled": False}}
"""In the back office: Unfold's scroll areas are all called "scrollable content"."""

COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""What may differ by night; all else is judged by day."""

UNFOLD_BY_NIGHT = "(dark) => document.querySelector('html[x-data]')?.classList.toggle('dark', dark)"
"""Unfold asks for the colour scheme only when a page loads."""

SIDEWAYS = "() => Math.max(document.documentElement.scrollWidth, innerWidth) - document.documentElement.clientWidth"
DEAD_CONTROLS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
    .filter((one) => one.matches('a') ? !one.getAttribute('href')
        : one.matches('button[type=button]') ? !one.popoverTargetElement : !one.form)
    .map((one) => one.outerHTML.slice(0, 120))"""
"""Without script: links that lead nowhere, buttons and fields that belong to no form and open nothing."""


class Window:
    """`complaints` is what a person with the developer tools open would have seen; empty when all is well."""

    def __init__(
        self, browser: Browser, shop: RunningShop, *, name: str, width: int, has_script: bool = True, axe: bool = False
    ) -> None:
        self.shop, self.name, self.has_script, self.axe = shop, name, has_script, axe
        self.places = (shop.url, shop.sandbox_url, "data:")
        self.is_narrow = width < 1024
        album = os.environ.get("SCREENSHOTS")
        self.album = (Path(album) if album else shop.folder.parent / "screenshots") / name
        self.album.mkdir(parents=True, exist_ok=True)
        self.context = browser.new_context(
            base_url=shop.url,
            viewport={"width": width, "height": 740 if width < 768 else 900},
            has_touch=width < 768,
            is_mobile=width < 768,
            java_script_enabled=has_script,
            reduced_motion="reduce",
            color_scheme="light",
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.expects_refusal = False
        """While a form is sent with something wrong: it answers 422, and the console says so."""
        self.pages_seen: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)
        self.page.on("console", self._note_words)
        self.page.on("pageerror", lambda error: self._complain(f"error in script: {error}"))

    def close(self) -> None:
        self.context.close()

    def look(self, name: str) -> None:
        """Keep a picture of the page and judge it."""
        page = self.page
        page.wait_for_load_state("load")
        self.pages_seen.append(name)
        self._keep_picture(name)
        if (excess := page.evaluate(SIDEWAYS)) > 0:
            self._complain(f"{name} scrolls sideways by {excess} px")
        if (headings := page.locator("h1").count()) != 1:
            self._complain(f"{name} has {headings} first headings")
        if not self.has_script and page.url.startswith(self.shop.url):
            for control in page.evaluate(DEAD_CONTROLS):
                self._complain(f"{name} has a dead control: {control}")
        if self.axe:
            left_out = LEFT_OUT if "/admin/" in page.url else {}
            self._judge(name, "by day", {"runOnly": RULES, "rules": {"target-size": {"enabled": True}, **left_out}})
            page.emulate_media(color_scheme="dark")
            page.evaluate(UNFOLD_BY_NIGHT, True)
            self._judge(name, "by night", {"runOnly": COLOUR_RULES})
            self._keep_picture(f"{name}-dark")
            page.emulate_media(color_scheme="light")
            page.evaluate(UNFOLD_BY_NIGHT, False)
        # Axe and screenshots leave empty style attributes behind, which htmx carries over and the policy then refuses.
        page.evaluate("document.querySelectorAll('[style=\"\"]').forEach((one) => one.removeAttribute('style'))")

    def reload(self) -> None:
        """A person who presses F5 sees the same page again: the POST before it was answered by a redirect."""
        before = self.page.url, self.page.locator("h1").inner_text()
        self.page.reload()
        if (after := (self.page.url, self.page.locator("h1").inner_text())) != before:
            self._complain(f"reloading changed {before} into {after}")

    def _keep_picture(self, name: str) -> None:
        self.page.screenshot(path=self.album / f"{len(self.pages_seen):02}-{name}.png", full_page=True)

    def _judge(self, name: str, when: str, options: dict[str, Any]) -> None:
        result = Axe().run(self.page, options={**options, "resultTypes": ["violations"]})
        for violation in result.response["violations"]:
            for node in violation["nodes"]:
                self._complain(f"{name} {when}: {violation['id']}: {node['html'][:160]} {node['failureSummary'][:300]}")

    def _complain(self, words: str) -> None:
        self.complaints.append(f"[{self.name}] {words}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(self.places):
            self._complain(f"asks somebody else: {request.url}")

    def _note_response(self, response: Response) -> None:
        if self.expects_refusal and response.status == 422:
            return
        if response.status >= 400:
            self._complain(f"{response.status} for {response.request.method} {response.url}")
        is_ours = response.url.startswith(self.shop.url)
        if is_ours and not self.has_script and response.request.method == "POST" and response.status != 303:
            self._complain(f"POST {response.url} was answered by {response.status}, expected 303")

    def _note_words(self, message: ConsoleMessage) -> None:
        if self.expects_refusal and "status of 422" in message.text:
            return
        if message.type in {"error", "warning"}:
            self._complain(f"console on {self.page.url}: {message.text}")
