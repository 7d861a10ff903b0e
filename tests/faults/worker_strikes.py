"""The worker is killed in the middle of its jobs, at named points."""

from contextlib import ExitStack

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.books import CUT_SHORT, handed_over, kill_worker
from tests.faults.buying import at_payment, in_background, order_of, pay_and_stay
from tests.faults.points import held, hits, wait_for, wait_until_blocked
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

MAILS = "LOCK TABLE checkout_mail IN SHARE MODE"


def strike_worker(shop: RunningShop, control: SandboxControl) -> dict[str, Shopper]:
    """Three kills, five points; what they left leased runs out while other things happen. Webhooks stay withheld."""
    return {
        **_kill_in_hand_over(shop, control),
        **_kill_in_order_paid_and_refund(shop, control),
        **_kill_in_settling_and_opening_the_parcel(shop, control),
    }


def _worker_is_back(shop: RunningShop) -> None:
    """A fresh worker handles what is published now."""
    before = shop.query("SELECT count(*) FROM outbox_outboxevent WHERE done_at IS NOT NULL")[0][0]
    at_payment(shop).close()
    wait_for(
        lambda: shop.query("SELECT count(*) FROM outbox_outboxevent WHERE done_at IS NOT NULL")[0][0] > before,
        what="the worker",
        seconds=60,
    )


def _wait_for_mails(shop: RunningShop, order_id: int, count: int) -> None:
    sent = "SELECT count(*) FROM checkout_mail WHERE order_id = %s AND sent_at IS NOT NULL"
    wait_for(lambda: shop.query(sent, order_id)[0][0] == count, what=f"{count} mail(s) to leave", seconds=60)


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
        kill_worker(shop)
    ((message_id, sent),) = shop.query(
        "SELECT message_id, sent_at FROM checkout_mail WHERE order_id = %s", order_of(shop, shopper)
    )
    assert sent is None
    assert message_id in CUT_SHORT
    return {"handed over": shopper}


def _kill_in_order_paid_and_refund(shop: RunningShop, control: SandboxControl) -> dict[str, Shopper]:
    """One job has opened the parcel and cannot write the mail; another has sent a refund and gets no answer."""
    _worker_is_back(shop)
    paid, cancelled = at_payment(shop), at_payment(shop)
    cancelled.pay()
    order_id = order_of(shop, cancelled)
    _wait_for_mails(shop, order_id, 1)
    control.add_fault("timeout", path="/v1/refunds", method="POST", seconds=20)
    cancelled.submit(cancelled.form("/cancel/"))
    wait_for(lambda: hits(control), what="the refund", seconds=60)
    _wait_for_mails(shop, order_id, 2)
    with held(shop, MAILS):
        paid.pay()
        wait_until_blocked(shop)
        kill_worker(shop)
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
        kill_worker(shop)
    return {"settling": away, "parcel": parcel}
