"""Home → category → filter → product → variant → basket → checkout → payment → order → dispatch → mail and status."""

import re
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from tests.journeys.back_office import send_parcel, sign_in
from tests.journeys.conftest import OpenWindow
from tests.journeys.purchase import buy_something
from tests.live.running_shop import RunningShop

pytestmark = pytest.mark.live


@pytest.mark.feature("SF01", "CC02", "SF12", "PA01")
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("has_script", [False, True], ids=["script-off", "script-on"])
def test_a_guest_buys(open_window: OpenWindow, width: int, has_script: bool) -> None:
    window = open_window(name=f"guest-{width}-{has_script}", width=width, has_script=has_script, axe=has_script)
    buy_something(window)


@pytest.mark.feature("SF01")
def test_staff_send_what_was_bought_and_the_shopper_sees_it(open_window: OpenWindow, shop: RunningShop) -> None:
    shopper = open_window(name="order", width=1280)
    shopper.page.goto(buy_something(shopper))
    number = re.findall(r"[A-Z]{2}-[0-9A-Z]{6,}", shopper.page.locator(".page-head").inner_text())[0]
    shop.wait_until_quiet()

    staff = open_window(name="staff", width=1440, axe=True)
    sign_in(staff)
    send_parcel(staff, number=number, tracking="JD0146000012345678")
    shop.wait_until_quiet()

    shopper.page.reload()
    expect(shopper.page.get_by_role("heading", name="Parcels")).to_be_visible()
    expect(shopper.page.get_by_text("JD0146000012345678").first).to_be_visible()
    shopper.axe = True
    shopper.look("order-sent")
    letters = "\n".join(_letters(shop))
    assert number in letters
    assert "JD0146000012345678" in letters


def _letters(shop: RunningShop) -> list[str]:
    """The texts of all mails that were handed over; the file backend writes several into one file."""
    texts = []
    for file in sorted((shop.folder / "mail").iterdir()):
        for part in file.read_bytes().split(b"-" * 79):
            body = message_from_bytes(part.strip(), policy=policy.default).get_body(("plain",))
            texts.append(body.get_content() if body else "")
    return texts
