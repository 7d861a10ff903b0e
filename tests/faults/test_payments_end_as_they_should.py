"""Declined, abandoned, refused by the bank, too late, and webhooks at every moment: the right end, the right words."""

import re
from decimal import Decimal

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.books import assert_all_is_well, handed_over, undelivered
from tests.faults.buying import at_payment, order_of, order_page, pay_and_stay, status_of
from tests.faults.points import move_time, sweep_now, wait_for
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper, forms_of

pytestmark = pytest.mark.live
GOOD, DECLINED, NO_FUNDS, ASKS_BANK = "4242424242424242", "4000000000000002", "4000000000009995", "4000000000003220"


def words_of(page: str) -> str:
    """The page's first heading and the sentence under it, as a person reads them."""
    found = re.search(r"<h1>(.*?)</h1>\s*<p class=\"lead\">(.*?)</p>", page, flags=re.DOTALL)
    assert found is not None, page[:2000]
    return re.sub(r"\s+", " ", f"{found[1]} {found[2]}")


def see(shop: RunningShop, shopper: Shopper, *, query: str = "") -> str:
    shopper.get(order_page(shop, shopper) + query)
    return words_of(shopper.page.text)


def kinds_of(shop: RunningShop, shopper: Shopper) -> list[str]:
    rows = shop.query("SELECT kind FROM checkout_mail WHERE order_id = %s ORDER BY kind", order_of(shop, shopper))
    return [kind for (kind,) in rows]


def answer_bank(shopper: Shopper, answer: str) -> None:
    """The page after the card's is the bank's question."""
    (form,) = [form for form in forms_of(shopper.page.text) if form.buttons]
    shopper.submit(form, button=[value for _, value, _ in form.buttons].index(answer))


def assert_paid_once(shop: RunningShop, shopper: Shopper) -> None:
    order_id = order_of(shop, shopper)
    assert status_of(shop, shopper) == "paid"
    assert kinds_of(shop, shopper) == ["order_confirmed"]
    assert shop.query("SELECT count(*) FROM fulfilment_shipment WHERE order_id = %s", order_id) == [(1,)]
    assert shop.query(
        "SELECT count(*) FROM checkout_orderevent WHERE order_id = %s AND to_state = 'paid'", order_id
    ) == [(1,)]
    assert "Thank you" in see(shop, shopper)


def test_a_declined_card_can_be_followed_by_a_good_one(shop: RunningShop) -> None:
    shopper = at_payment(shop)
    for card in (DECLINED, NO_FUNDS):
        shopper.pay(card)
        assert "Nothing was charged" in shopper.page.text
    payment_page = str(shopper.page.url)
    wait_for(lambda: "did not go through" in see(shop, shopper), what="the shop to hear of it")
    words = see(shop, shopper, query="?left=1")
    assert "not enough money on the card" in words
    assert "Your order waits for you until" in words
    assert status_of(shop, shopper) == "pending payment"

    shopper.submit(shopper.form("/pay/"))
    assert str(shopper.page.url) == payment_page, "the same page is still open"
    shopper.pay(GOOD)
    assert "Thank you" in words_of(shopper.page.text)
    assert_all_is_well(shop)
    assert_paid_once(shop, shopper)


def test_an_abandoned_payment_is_cancelled_and_the_things_go_back(shop: RunningShop) -> None:
    shopper = at_payment(shop, "/p/kept-lamp/")
    assert "You left the payment page" in see(shop, shopper, query="?left=1")
    ((session_url,),) = shop.query(
        "SELECT session_url FROM checkout_paymentattempt WHERE order_id = %s", order_of(shop, shopper)
    )
    other = Shopper(shop.url)
    other.get("/p/kept-lamp/")
    assert not any("/basket/add/" in form.action for form in forms_of(other.page.text)) or (
        "sold out" in other.page.text.lower()
    )
    move_time(shop, order_of(shop, shopper), pay_until=True)
    assert "The time to pay is over" in see(shop, shopper) or status_of(shop, shopper) == "cancelled"
    sweep_now(shop)
    wait_for(lambda: status_of(shop, shopper) == "cancelled", what="the sweeper", seconds=60)
    words = see(shop, shopper)
    assert "not paid in time" in words
    assert "Nothing was charged" in words

    shopper.client.get(session_url)
    shopper._follow(shopper.client.get(session_url))
    assert "expired" in shopper.page.text, "nobody can pay any more"
    assert "Thank you" in other.buy("/p/kept-lamp/").text
    assert_all_is_well(shop)
    assert kinds_of(shop, shopper) == ["order_cancelled"]


def test_the_bank_asks_and_the_shopper_approves(shop: RunningShop) -> None:
    shopper = at_payment(shop)
    shopper.pay(ASKS_BANK)
    answer_bank(shopper, "approve")
    assert "Thank you" in words_of(shopper.page.text)
    assert_all_is_well(shop)
    assert_paid_once(shop, shopper)


def test_the_bank_asks_and_the_shopper_refuses(shop: RunningShop) -> None:
    shopper = at_payment(shop)
    shopper.pay(ASKS_BANK)
    answer_bank(shopper, "refuse")
    assert "Nothing was charged" in shopper.page.text
    wait_for(lambda: "did not go through" in see(shop, shopper), what="the shop to hear of it")
    assert "could not confirm that it was you" in see(shop, shopper)
    assert status_of(shop, shopper) == "pending payment"
    move_time(shop, order_of(shop, shopper), pay_until=True)
    sweep_now(shop)
    wait_for(lambda: status_of(shop, shopper) == "cancelled", what="the sweeper", seconds=60)
    assert "Nothing was charged" in see(shop, shopper)
    assert_all_is_well(shop)


def test_the_bank_is_answered_after_the_order_was_cancelled(shop: RunningShop) -> None:
    """The page is closed at the provider before the stock is given back, so the late answer finds nothing to pay."""
    shopper = at_payment(shop)
    shopper.pay(ASKS_BANK)
    move_time(shop, order_of(shop, shopper), pay_until=True, reservation=True)
    sweep_now(shop)
    wait_for(lambda: status_of(shop, shopper) == "cancelled", what="the sweeper", seconds=60)
    answer_bank(shopper, "approve")
    assert_all_is_well(shop)
    assert status_of(shop, shopper) == "cancelled"
    assert "Nothing was charged" in see(shop, shopper)


def test_a_payment_after_the_reservation_ran_out_is_honoured_while_there_is_stock(shop: RunningShop) -> None:
    shopper = at_payment(shop)
    move_time(shop, order_of(shop, shopper), reservation=True)
    shopper.pay()
    assert "Thank you" in words_of(shopper.page.text)
    assert_all_is_well(shop)
    assert_paid_once(shop, shopper)


def test_a_payment_for_what_was_sold_meanwhile_goes_back_with_a_mail(shop: RunningShop) -> None:
    slow = at_payment(shop, "/p/lost-lamp/")
    move_time(shop, order_of(shop, slow), reservation=True)
    quick = Shopper(shop.url, email=f"quick.{slow.person['email']}")
    assert "Thank you" in quick.buy("/p/lost-lamp/").text

    slow.pay()
    words = words_of(slow.page.text)
    assert "sold out before your payment came" in words
    assert "The whole sum goes back to you" in words
    assert_all_is_well(shop)
    assert status_of(shop, slow) == "cancelled"
    assert kinds_of(shop, slow) == ["order_refunded", "order_sold_out"]
    assert shop.query(
        "SELECT r.state, r.amount = a.captured AND a.captured = a.amount FROM checkout_refund r"
        " JOIN checkout_paymentattempt a ON a.id = r.attempt_id WHERE a.order_id = %s",
        order_of(shop, slow),
    ) == [("succeeded", True)]


@pytest.mark.parametrize("moment", ["before the return", "after the return", "without a return"])
def test_the_webhook_comes(shop: RunningShop, sandbox: SandboxControl, moment: str) -> None:
    if moment == "after the return":
        sandbox.withhold_webhooks()
    shopper = at_payment(shop)
    way_back = pay_and_stay(shopper)
    if moment == "after the return":
        shopper.get(way_back)
        assert "Thank you" in words_of(shopper.page.text)
        sandbox.release_webhooks()
    else:
        wait_for(lambda: status_of(shop, shopper) == "paid", what="the webhook")
    if moment == "before the return":
        shopper.get(way_back)
        assert "Thank you" in words_of(shopper.page.text)
    assert_all_is_well(shop)
    assert_paid_once(shop, shopper)


def test_webhooks_come_five_times_and_in_reverse(shop: RunningShop, sandbox: SandboxControl) -> None:
    known = len(sandbox.events())
    sandbox.set_webhooks(duplicate=4, withhold=True)
    paid, refused, cancelled = at_payment(shop), at_payment(shop), at_payment(shop)
    pay_and_stay(paid)
    refused.pay(DECLINED)
    cancelled.pay()
    cancelled.submit(cancelled.form("/cancel/"))
    assert "is cancelled" in words_of(cancelled.page.text)
    sandbox.release_webhooks(reverse=True)
    assert_all_is_well(shop)
    events = [one["id"] for one in sandbox.events()[known:]]
    sandbox.resend(events=events, times=2, reverse=True)
    assert_all_is_well(shop)

    assert_paid_once(shop, paid)
    assert status_of(shop, refused) == "pending payment"
    assert "did not go through" in see(shop, refused)
    assert status_of(shop, cancelled) == "cancelled"
    assert kinds_of(shop, cancelled) == ["order_cancelled", "order_confirmed", "order_refunded"]
    stored = dict(shop.query("SELECT event_id, 1 FROM checkout_providerevent"))
    assert set(events) <= set(stored)
    assert undelivered(shop) == []


def test_a_return_with_a_made_up_payment_proves_nothing(shop: RunningShop) -> None:
    shopper, other = at_payment(shop), at_payment(shop)
    other.pay()
    ((foreign,),) = shop.query(
        "SELECT session_id FROM checkout_paymentattempt WHERE order_id = %s", order_of(shop, other)
    )
    for session_id in (foreign, "cs_test_made_up", "x" * 5000, "%00"):
        assert "waits for its payment" in see(shop, shopper, query=f"?session_id={session_id}")
    assert status_of(shop, shopper) == "pending payment"


def test_the_sums_that_shoppers_saw_are_the_sums_they_paid(shop: RunningShop) -> None:
    rows = shop.query(
        "SELECT o.total_incl_tax, a.captured FROM order_order o JOIN checkout_paymentattempt a ON a.order_id = o.id"
        " WHERE o.status = 'paid' AND a.state = 'paid'"
    )
    assert rows
    assert all(Decimal(total) == Decimal(captured) for total, captured in rows)
    assert max(handed_over(shop).values()) <= 2
