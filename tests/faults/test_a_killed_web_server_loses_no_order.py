"""kill -9 of the web server at named points of placing and paying: one order, one charge, and the shopper goes on.

The strikes on web and worker happen first, one after the other; what they left is made up for by the time that the last
test of the worker looks at all the books.
"""

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.buying import at_payment, order_of, order_page, orders_of, pay_and_stay, status_of
from tests.faults.points import move_time, sweep_now, wait_for
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("struck"), pytest.mark.feature("CC04")]


def _goes_on(shop: RunningShop, shopper: Shopper) -> None:
    """The same button once more: the same order, one payment page, one charge, thanks."""
    shopper.place()
    assert str(shopper.page.url).startswith(shop.sandbox_url), shopper.page.text[:2000]
    shopper.pay()
    assert "Thank you" in shopper.page.text
    assert [status for _, status in orders_of(shop, shopper)] == ["paid"]
    assert _pages_of(shop, shopper) == 1


def _pages_of(shop: RunningShop, shopper: Shopper) -> int:
    """How many payment pages the provider ever opened for this shopper's order."""
    ((number,),) = shop.query("SELECT number FROM order_order WHERE id = %s", order_of(shop, shopper))
    sessions = SandboxControl(shop.sandbox_url).state()["sessions"]
    return sum(one["metadata"].get("order") == number for one in sessions)


def test_while_placing_before_the_commit(shop: RunningShop, cut_off: dict[str, Shopper]) -> None:
    assert orders_of(shop, cut_off["before commit"]) == [], "nothing half-written"
    _goes_on(shop, cut_off["before commit"])


def test_after_the_commit_before_the_provider_was_asked(shop: RunningShop, cut_off: dict[str, Shopper]) -> None:
    assert status_of(shop, cut_off["committed"]) == "pending payment"
    assert _pages_of(shop, cut_off["committed"]) == 0
    _goes_on(shop, cut_off["committed"])


def test_when_the_payment_page_exists_but_its_address_was_lost(shop: RunningShop, cut_off: dict[str, Shopper]) -> None:
    """The stored key finds the page that was made."""
    assert status_of(shop, cut_off["page lost"]) == "pending payment"
    assert _pages_of(shop, cut_off["page lost"]) == 1
    _goes_on(shop, cut_off["page lost"])


def test_when_the_page_was_lost_and_the_shopper_never_comes_back(
    shop: RunningShop, cut_off: dict[str, Shopper]
) -> None:
    gone = cut_off["page lost, gone"]
    move_time(shop, order_of(shop, gone), pay_until=True)
    sweep_now(shop)
    wait_for(lambda: status_of(shop, gone) == "cancelled", what="the sweeper", seconds=60)


def test_when_the_shopper_comes_back_before_the_provider_is_asked(
    shop: RunningShop, cut_off: dict[str, Shopper]
) -> None:
    shopper = cut_off["returned"]
    assert status_of(shop, shopper) == "pending payment"
    shopper.get(order_page(shop, shopper) + f"?session_id={_session_of(shop, shopper)}")
    assert "Thank you" in shopper.page.text


def test_while_settling_and_the_shopper_never_comes_back(shop: RunningShop, cut_off: dict[str, Shopper]) -> None:
    shopper = cut_off["settling"]
    assert status_of(shop, shopper) == "pending payment"
    SandboxControl(shop.sandbox_url).release_webhooks(shuffle=True)
    wait_for(lambda: status_of(shop, shopper) == "paid", what="the webhook", seconds=90)
    shopper.get(order_page(shop, shopper))
    assert "Thank you" in shopper.page.text


def test_paid_but_neither_return_nor_webhook_ever_arrives(shop: RunningShop, sandbox: SandboxControl) -> None:
    """The beat asks by itself, and asks before it cancels."""
    sandbox.set_webhooks(drop_all=True)
    shopper = at_payment(shop)
    pay_and_stay(shopper)
    shop.kill("web", whole=False)
    move_time(shop, order_of(shop, shopper), pay_until=True)
    wait_for(lambda: status_of(shop, shopper) == "paid", what="the beat", seconds=60)
    shop.wait_until_ready()
    shopper.get(order_page(shop, shopper))
    assert "Thank you" in shopper.page.text


def _session_of(shop: RunningShop, shopper: Shopper) -> str:
    ((session_id,),) = shop.query(
        "SELECT session_id FROM checkout_paymentattempt WHERE order_id = %s", order_of(shop, shopper)
    )
    return str(session_id)
