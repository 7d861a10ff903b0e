import time

import pytest
import stripe


def test_dates_and_signatures_follow_the_sandbox_clock(shop):
    shop.control.turn_clock(offset=-3600)
    intent = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    assert -3605 <= intent.created - time.time() <= -3595
    shop.inbox.wait_for_count(1)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        shop.inbox.letters[0].open()


def test_a_small_difference_is_tolerated(shop):
    shop.control.turn_clock(offset=-240)
    shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    shop.inbox.wait_for_count(1)
    assert shop.inbox.letters[0].open().type == "payment_intent.created"


def test_money_becomes_available_after_two_days_and_can_be_paid_out(shop):
    shop.pay_intent(10_000, capture_method="automatic")
    net = 10_000 - 175
    assert shop.api.v1.balance.retrieve().pending[0].amount == net
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.v1.payouts.create({"amount": net, "currency": "eur"})
    assert refusal.value.code == "balance_insufficient"
    shop.control.turn_clock(advance=2 * 86_400)
    assert shop.api.v1.balance.retrieve().available[0].amount == net
    payout = shop.api.v1.payouts.create({"amount": net, "currency": "eur", "metadata": {"month": "May"}})
    assert (payout.status, shop.api.v1.balance.retrieve().available[0].amount) == ("pending", 0)
    shop.control.turn_clock(advance=86_401)
    assert shop.api.v1.payouts.retrieve(payout.id).status == "paid"
    assert [one.id for one in shop.api.v1.payouts.list({"status": "paid"}).data] == [payout.id]
    shop.control.turn_clock(offset=0)


def test_a_payout_can_be_called_back_while_it_is_pending(shop):
    shop.pay_intent(10_000, capture_method="automatic")
    shop.control.turn_clock(advance=3 * 86_400)
    payout = shop.api.v1.payouts.create({"amount": 5_000, "currency": "eur"})
    assert shop.api.v1.payouts.cancel(payout.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="can only be canceled"):
        shop.api.v1.payouts.cancel(payout.id)


def test_the_clock_takes_only_seconds(shop):
    from shop.embedded.sandbox.client import ControlRefused

    with pytest.raises(ControlRefused):
        shop.control.call("POST", "clock", {"tomorrow": True})
    with pytest.raises(ControlRefused):
        shop.control.call("POST", "clock", {"offset": "soon"})
