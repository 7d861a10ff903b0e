"""What staff do: sign in, set up the second factor, fetch, pack, send."""

import base64
import hashlib
import hmac
import re
import struct
import time

from playwright.sync_api import expect

from tests.journeys.window import Window

STAFF, PASSWORD = "staff@example.com", "lumen-and-loom"


def one_time_code(secret: str, *, at: float | None = None) -> str:
    """Six digits for the current half minute (RFC 6238 with SHA-1, as every authenticator app does)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(window: Window) -> None:
    """The first time: password, then enrolling an authenticator app."""
    page = window.page
    page.goto("/admin/")
    window.look("sign-in")
    page.get_by_label(re.compile("E-?mail")).fill(STAFF)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#id_code")).to_be_visible()
    window.look("second-factor")
    secret = page.locator("#authenticator_secret, [name=secret]").first.input_value()
    page.locator("#id_code").fill(one_time_code(secret.replace(" ", "")))
    page.locator("main form button[type=submit]").first.click()
    page.goto("/admin/")
    expect(page.locator(".desk-numbers")).to_be_visible()
    window.look("admin-home")


def send_parcel(window: Window, *, number: str, tracking: str) -> None:
    """From the work list "to ship" to a dispatched parcel of the order."""
    page = window.page
    page.locator(".desk-number", has_text="To ship").click()
    window.look("to-ship")
    row = page.locator("tr", has_text=number)
    row.get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Dispatch")).to_be_visible()
    window.look("shipment")
    page.get_by_role("link", name="Pick list").click()
    window.look("pick-list")
    page.get_by_role("button", name="Mark all as picked").click()
    page.goto("/admin/")
    page.locator(".desk-number", has_text="To ship").click()
    page.locator("tr", has_text=number).get_by_role("link").first.click()
    page.get_by_label("Tracking number").fill(tracking)
    page.get_by_role("button", name="Dispatch").click()
    expect(page.get_by_text(tracking).first).to_be_visible()
    window.look("sent")
    page.get_by_role("link", name=number).first.click()
    window.look("admin-order")
