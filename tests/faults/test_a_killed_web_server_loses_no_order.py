"""kill -9 of the web server at named points of placing and paying: one order, one charge, and the shopper goes on."""

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.books import assert_all_is_well
from tests.faults.buying import (
    at_payment,
    at_review,
    in_background,
    order_of,
    order_page,
    orders_of,
    pay_and_stay,
    status_of,
    was_cut_off,
)
from tests.faults.points import held, hits, move_time, wait_for, wait_until_blocked
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live-faults")]
SESSIONS = "/v1/checkout/sessions"


def _goes_on(shop: RunningShop, shopper: Shopper) -> None:
    """The same button once more: the same order, one payment page, one charge, thanks."""
    shop.wait_until_ready()
    shopper.place()
    assert str(shopper.page.url).startswith(shop.sandbox_url), shopper.page.text[:2000]
    shopper.pay()
    assert "Thank you" in shopper.page.text
    assert [status for _, status in orders_of(shop, shopper)] == ["paid"]


def _sessions_of(shop: RunningShop, shopper: Shopper) -> int:
    ((number,),) = shop.query("SELECT number FROM order_order WHERE id = %s", order_of(shop, shopper))
    sessions = SandboxControl(shop.sandbox_url).state()["sessions"]
    return sum(one["metadata"].get("order") == number for one in sessions)


def test_while_placing_before_the_commit(shop: RunningShop) -> None:
    shopper = at_review(shop)
    with held(shop, "SELECT 1 FROM partner_stockrecord WHERE partner_sku = 'CALM-MUG' FOR UPDATE"):
        pressed = in_background(shopper.place)
        wait_until_blocked(shop)
        shop.kill("web")
    assert was_cut_off(pressed)
    assert orders_of(shop, shopper) == [], "nothing half-written"
    _goes_on(shop, shopper)
    assert_all_is_well(shop)


def test_after_the_commit_before_the_provider_was_asked(shop: RunningShop, sandbox: SandboxControl) -> None:
    shopper = at_review(shop)
    sandbox.add_fault("reset", path=SESSIONS, method="POST")
    pressed = in_background(shopper.place)
    wait_for(lambda: hits(sandbox), what="a request that the provider never saw")
    shop.kill("web")
    assert was_cut_off(pressed)
    sandbox.clear_faults()
    assert status_of(shop, shopper) == "pending payment"
    assert _sessions_of(shop, shopper) == 0
    _goes_on(shop, shopper)
    assert _sessions_of(shop, shopper) == 1
    assert_all_is_well(shop)


def test_when_the_payment_page_exists_but_its_address_was_lost(shop: RunningShop, sandbox: SandboxControl) -> None:
    shopper, gone = at_review(shop), at_review(shop)
    sandbox.add_fault("timeout", path=SESSIONS, method="POST", seconds=20)
    pressed = [in_background(shopper.place), in_background(gone.place)]
    wait_for(lambda: hits(sandbox) >= 2, what="two answers that never come")
    shop.kill("web")
    assert all(was_cut_off(one) for one in pressed)
    sandbox.clear_faults()
    assert _sessions_of(shop, shopper) == 1
    _goes_on(shop, shopper)
    assert _sessions_of(shop, shopper) == 1, "the stored key finds the page that was made"

    move_time(shop, order_of(shop, gone), pay_until=True)
    wait_for(lambda: status_of(shop, gone) == "cancelled", what="the sweeper", seconds=60)
    assert_all_is_well(shop)


def test_when_the_shopper_comes_back_before_the_provider_is_asked(shop: RunningShop, sandbox: SandboxControl) -> None:
    sandbox.withhold_webhooks()
    shopper = at_payment(shop)
    way_back = pay_and_stay(shopper)
    sandbox.add_fault("timeout", path=f"{SESSIONS}/*", method="GET", seconds=20)
    returned = in_background(lambda: shopper.get(way_back))
    wait_for(lambda: hits(sandbox), what="the question whether it was paid")
    shop.kill("web")
    assert was_cut_off(returned)
    sandbox.clear_faults()
    assert status_of(shop, shopper) == "pending payment"
    shop.wait_until_ready()
    shopper.get(way_back)
    assert "Thank you" in shopper.page.text
    sandbox.release_webhooks(shuffle=True)
    assert_all_is_well(shop)
    assert status_of(shop, shopper) == "paid"


def test_while_settling_and_the_shopper_never_comes_back(shop: RunningShop, sandbox: SandboxControl) -> None:
    sandbox.withhold_webhooks()
    shopper = at_payment(shop)
    way_back = pay_and_stay(shopper)
    with held(shop, "SELECT 1 FROM order_order WHERE id = %s FOR UPDATE", order_of(shop, shopper)):
        returned = in_background(lambda: shopper.get(way_back))
        wait_until_blocked(shop)
        shop.kill("web")
    assert was_cut_off(returned)
    assert status_of(shop, shopper) == "pending payment"
    sandbox.release_webhooks()
    assert_all_is_well(shop)
    assert status_of(shop, shopper) == "paid", "the webhook settles what the return could not"
    shopper.get(order_page(shop, shopper))
    assert "Thank you" in shopper.page.text


def test_paid_but_neither_return_nor_webhook_ever_arrives(shop: RunningShop, sandbox: SandboxControl) -> None:
    sandbox.set_webhooks(drop_all=True)
    shopper = at_payment(shop)
    pay_and_stay(shopper)
    shop.kill("web", whole=False)
    move_time(shop, order_of(shop, shopper), pay_until=True)
    wait_for(lambda: status_of(shop, shopper) == "paid", what="the sweeper, who asks before it cancels", seconds=60)
    shop.wait_until_ready()
    shopper.get(order_page(shop, shopper))
    assert "Thank you" in shopper.page.text
    assert_all_is_well(shop)
