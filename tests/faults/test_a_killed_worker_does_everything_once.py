"""kill -9 of the worker in the middle of a job: all of it happens within two minutes, each mail is handed over once."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.books import CUT_SHORT, assert_all_is_well, handed_over
from tests.faults.buying import at_payment, in_background, order_of, order_page, pay_and_stay, status_of
from tests.faults.conftest import calm
from tests.faults.points import held, hits, wait_for, wait_until_blocked
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live-faults")]
MAILS = "LOCK TABLE checkout_mail IN SHARE MODE"


@pytest.fixture(scope="module")
def struck(shop: RunningShop) -> Iterator[dict[str, Shopper]]:
    """Four kills, one after the other, at named points; what they left leased runs out while the next ones happen."""
    control = SandboxControl(shop.sandbox_url)
    shop.wait_until_quiet()
    yield {
        **_kill_in_hand_over(shop, control),
        **_kill_in_order_paid_and_refund(shop, control),
        **_kill_in_settling_and_opening_the_parcel(shop, control),
    }
    calm(control)


def _worker_is_back(shop: RunningShop) -> None:
    """A fresh worker handles what is published now."""
    before = shop.query("SELECT count(*) FROM outbox_outboxevent WHERE done_at IS NOT NULL")[0][0]
    at_payment(shop).close()
    wait_for(
        lambda: shop.query("SELECT count(*) FROM outbox_outboxevent WHERE done_at IS NOT NULL")[0][0] > before,
        what="the worker",
        seconds=60,
    )


def _kill_in_hand_over(shop: RunningShop, control: SandboxControl) -> dict[str, Shopper]:
    """The mail server has accepted the confirmation; the record of it is not written yet.

    Locks are granted in the order of asking: the worker's INSERT waits for the first lock, the second lock waits for the
    INSERT, and so the UPDATE that follows the hand-over waits for the second.
    """
    control.withhold_webhooks()
    shopper = at_payment(shop)
    before = sum(handed_over(shop).values())
    with ExitStack() as second:
        with held(shop, MAILS):
            shopper.pay()
            wait_until_blocked(shop)
            asked = in_background(lambda: second.enter_context(held(shop, MAILS)))
            wait_until_blocked(shop, count=2)
        asked.result(timeout=20)
        wait_for(lambda: sum(handed_over(shop).values()) > before, what="the mail to leave")
        wait_until_blocked(shop)
        shop.kill("worker")
    ((message_id, sent),) = shop.query(
        "SELECT message_id, sent_at FROM checkout_mail WHERE order_id = %s", order_of(shop, shopper)
    )
    assert sent is None
    CUT_SHORT.add(message_id)
    return {"handed over": shopper}


def _kill_in_order_paid_and_refund(shop: RunningShop, control: SandboxControl) -> dict[str, Shopper]:
    """One job has opened the parcel and cannot write the mail; another has sent a refund and gets no answer."""
    _worker_is_back(shop)
    paid, cancelled = at_payment(shop), at_payment(shop)
    cancelled.pay()
    order_id = order_of(shop, cancelled)
    wait_for(
        lambda: shop.query("SELECT 1 FROM checkout_mail WHERE order_id = %s AND sent_at IS NOT NULL", order_id),
        what="the confirmation",
        seconds=60,
    )
    control.add_fault("timeout", path="/v1/refunds", method="POST", seconds=20)
    cancelled.submit(cancelled.form("/cancel/"))
    wait_for(lambda: hits(control), what="the refund", seconds=60)
    with held(shop, MAILS):
        paid.pay()
        wait_until_blocked(shop)
        shop.kill("worker")
    control.clear_faults()
    return {"paid": paid, "cancelled": cancelled}


def _kill_in_settling_and_opening_the_parcel(shop: RunningShop, control: SandboxControl) -> dict[str, Shopper]:
    """One job settles for a webhook, one opens the parcel of a paid order: both wait for their order when they die."""
    _worker_is_back(shop)
    away, parcel = at_payment(shop), at_payment(shop)
    pay_and_stay(away)
    ((session_id,),) = shop.query(
        "SELECT session_id FROM checkout_paymentattempt WHERE order_id = %s", order_of(shop, away)
    )
    (event,) = [
        one["id"]
        for one in control.events()
        if one["type"] == "checkout.session.completed" and one["data"]["object"]["id"] == session_id
    ]
    with ExitStack() as locks:
        locks.enter_context(held(shop, "LOCK TABLE fulfilment_shipment IN SHARE MODE"))
        locks.enter_context(held(shop, "SELECT 1 FROM order_order WHERE id = %s FOR UPDATE", order_of(shop, away)))
        parcel.pay()
        control.resend(events=[event])
        wait_until_blocked(shop, count=2)
        shop.kill("worker")
    return {"settling": away, "parcel": parcel}


def test_mails_parcels_refunds_and_settling_are_made_up_for(shop: RunningShop, struck: dict[str, Shopper]) -> None:
    control = SandboxControl(shop.sandbox_url)
    calm(control)
    ((message_id,),) = shop.query(
        "SELECT message_id FROM checkout_mail WHERE order_id = %s", order_of(shop, struck["handed over"])
    )
    assert_all_is_well(shop)
    assert handed_over(shop)[message_id] == 2, "the repeat carries the same Message-ID"

    for name in ("handed over", "paid", "settling", "parcel"):
        assert status_of(shop, struck[name]) == "paid", name
        order_id = order_of(shop, struck[name])
        assert shop.query("SELECT count(*) FROM fulfilment_shipment WHERE order_id = %s", order_id) == [(1,)], name
    order_id = order_of(shop, struck["cancelled"])
    assert status_of(shop, struck["cancelled"]) == "cancelled"
    intents = shop.query("SELECT intent_id FROM checkout_paymentattempt WHERE order_id = %s", order_id)
    refunds = [one for one in control.state()["refunds"] if (one["payment_intent"],) in intents]
    assert [one["amount"] for one in refunds] == [
        one["amount"] for one in control.state()["payment_intents"] if (one["id"],) in intents
    ], "one refund, of everything"
    kinds = shop.query("SELECT kind FROM checkout_mail WHERE order_id = %s ORDER BY kind", order_id)
    assert [kind for (kind,) in kinds] == ["order_cancelled", "order_confirmed", "order_refunded"]


def test_the_shopper_sees_where_it_stands_all_along(shop: RunningShop, struck: dict[str, Shopper]) -> None:
    for name in ("paid", "settling", "parcel", "handed over"):
        struck[name].get(order_page(shop, struck[name]))
        assert "Thank you" in struck[name].page.text, name
    struck["cancelled"].get(order_page(shop, struck["cancelled"]))
    assert "This order is cancelled" in struck["cancelled"].page.text
    assert "goes back to you" in struck["cancelled"].page.text
