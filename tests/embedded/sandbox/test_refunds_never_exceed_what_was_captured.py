import threading

import pytest
import stripe


def test_parts_can_be_given_back_until_nothing_is_left(shop):
    intent = shop.pay_intent(1000)
    for part in (300, 700):
        refund = shop.api.v1.refunds.create({"payment_intent": intent.id, "amount": part, "metadata": {"line": "1"}})
        assert (refund.amount, refund.status, refund.charge) == (part, "succeeded", intent.latest_charge)
    charge = shop.api.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_already_refunded"
    shop.inbox.wait_for_types("refund.created", "charge.refunded")


def test_more_than_the_rest_is_refused_with_both_sums(shop):
    intent = shop.pay_intent(1000)
    shop.api.v1.refunds.create({"payment_intent": intent.id, "amount": 300})
    with pytest.raises(stripe.InvalidRequestError, match=r"8\.00 EUR.*7\.00 EUR") as refusal:
        shop.api.v1.refunds.create({"payment_intent": intent.id, "amount": 800})
    assert refusal.value.param == "amount"
    rest = shop.api.v1.refunds.create({"charge": intent.latest_charge, "reason": "requested_by_customer"})
    assert (rest.amount, rest.reason) == (700, "requested_by_customer")


def test_of_a_part_capture_only_that_part_can_be_given_back(shop):
    intent = shop.pay_intent(1000, capture_method="manual")
    shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 700})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        shop.api.v1.refunds.create({"payment_intent": intent.id, "amount": 701})
    assert shop.api.v1.refunds.create({"payment_intent": intent.id}).amount == 700


def test_twenty_at_once_give_back_no_more_than_there_is(shop, connect_to):
    intent = shop.pay_intent(1000)
    outcomes = []

    def give_back() -> None:
        try:
            outcomes.append(connect_to(shop.url).v1.refunds.create({"payment_intent": intent.id, "amount": 300}).status)
        except stripe.InvalidRequestError as error:
            outcomes.append(error.http_status)

    threads = [threading.Thread(target=give_back) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [400] * 17 + ["succeeded"] * 3


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "Missing required param: charge"),
        ({"payment_intent": "pi_nobody"}, "No such payment_intent"),
        ({"charge": "ch_nobody"}, "No such charge"),
        ({"payment_intent": "pi_nobody", "amount": 0}, "greater than or equal to 1"),
        ({"charge": "ch_nobody", "reason": "mood"}, "Invalid reason"),
    ],
)
def test_a_senseless_refund_is_refused(shop, params, words):
    with pytest.raises(stripe.InvalidRequestError, match=words):
        shop.api.v1.refunds.create(params)


def test_an_unpaid_intent_has_nothing_to_give_back(shop):
    intent = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        shop.api.v1.refunds.create({"payment_intent": intent.id})


def test_a_refund_may_fail_later_and_the_money_is_refundable_again(shop):
    intent = shop.pay_intent(1000, method="pm_card_refundFail")
    refund = shop.api.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "succeeded"
    shop.inbox.wait_for_types("refund.failed")
    failed = shop.api.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert shop.api.v1.charges.retrieve(intent.latest_charge).amount_refunded == 0
    assert shop.api.v1.balance_transactions.retrieve(failed.failure_balance_transaction).amount == 1000


def test_a_refund_may_be_pending_first(shop):
    intent = shop.pay_intent(1000, method="pm_card_pendingRefund")
    refund = shop.api.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "pending"
    shop.inbox.wait_for(lambda _: shop.api.v1.refunds.retrieve(refund.id).status == "succeeded")


def test_a_pending_refund_can_be_canceled_and_another_cannot(shop):
    shop.control.change_settings(settle_seconds=60)
    pending = shop.api.v1.refunds.create({"payment_intent": shop.pay_intent(method="pm_card_pendingRefund").id})
    assert shop.api.v1.refunds.cancel(pending.id).status == "canceled"
    done = shop.api.v1.refunds.create({"payment_intent": shop.pay_intent().id})
    with pytest.raises(stripe.InvalidRequestError, match="cannot be canceled"):
        shop.api.v1.refunds.cancel(done.id)


def test_refunds_are_listed_by_intent_and_charge(shop):
    first, second = shop.pay_intent(), shop.pay_intent()
    for intent in (first, second, first):
        shop.api.v1.refunds.create({"payment_intent": intent.id, "amount": 100})
    assert len(shop.api.v1.refunds.list({"payment_intent": first.id}).data) == 2
    assert len(shop.api.v1.refunds.list({"charge": second.latest_charge}).data) == 1
    assert len(shop.api.v1.refunds.list().data) == 3
