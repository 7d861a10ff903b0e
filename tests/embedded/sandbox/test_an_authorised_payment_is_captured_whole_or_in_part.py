import pytest
import stripe


def authorise(shop, amount=1000, **params):
    return shop.pay_intent(amount, capture_method="manual", **params)


def test_authorised_money_is_held_until_captured(shop):
    intent = authorise(shop)
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 1000, 0)
    charge = shop.api.v1.charges.retrieve(intent.latest_charge)
    assert (charge.captured, charge.paid, charge.balance_transaction) == (False, True, None)
    assert charge.payment_method_details.card.capture_before == charge.created + 7 * 86_400
    paid = shop.api.v1.payment_intents.capture(intent.id)
    assert (paid.status, paid.amount_capturable, paid.amount_received) == ("succeeded", 0, 1000)
    shop.inbox.wait_for_types("payment_intent.amount_capturable_updated", "charge.captured", "payment_intent.succeeded")


def test_a_part_can_be_captured_and_the_rest_is_let_go(shop):
    intent = authorise(shop)
    paid = shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 700})
    assert (paid.amount, paid.amount_received, paid.amount_capturable) == (1000, 700, 0)
    charge = shop.api.v1.charges.retrieve(paid.latest_charge, {"expand": ["balance_transaction"]})
    assert (charge.amount, charge.amount_captured, charge.balance_transaction.amount) == (1000, 700, 700)
    with pytest.raises(stripe.InvalidRequestError, match="already been captured"):
        shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 300})


def test_with_multicapture_parts_are_captured_until_the_final_one(shop):
    intent = authorise(shop, payment_method_options={"card": {"request_multicapture": "if_available"}})
    charge = shop.api.v1.charges.retrieve(intent.latest_charge)
    assert charge.payment_method_details.card.multicapture.status == "available"
    first = shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 300, "final_capture": False})
    assert (first.status, first.amount_received, first.amount_capturable) == ("requires_capture", 300, 700)
    refund = shop.api.v1.refunds.create({"payment_intent": intent.id})
    assert refund.amount == 300
    with pytest.raises(stripe.InvalidRequestError, match="greater than"):
        shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 701})
    last = shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 500})
    assert (last.status, last.amount_received, last.amount_capturable) == ("succeeded", 800, 0)
    moved = shop.api.v1.balance_transactions.list({"source": intent.latest_charge}).data
    assert sorted(one.amount for one in moved) == [300, 500]


def test_without_multicapture_every_capture_is_final(shop):
    intent = authorise(shop)
    with pytest.raises(stripe.InvalidRequestError, match="multicapture is available") as refusal:
        shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 300, "final_capture": False})
    assert refusal.value.param == "final_capture"


def test_no_more_than_was_authorised_can_be_captured(shop):
    intent = authorise(shop)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1001})
    assert refusal.value.code == "amount_too_large"
    assert shop.api.v1.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_an_unconfirmed_payment_cannot_be_captured(shop):
    intent = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur", "capture_method": "manual"})
    with pytest.raises(stripe.InvalidRequestError, match="could not be captured") as refusal:
        shop.api.v1.payment_intents.capture(intent.id)
    assert refusal.value.http_status == 400


def test_canceling_lets_the_held_money_go(shop):
    intent = authorise(shop)
    assert shop.api.v1.payment_intents.cancel(intent.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="could not be captured"):
        shop.api.v1.payment_intents.capture(intent.id)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        shop.api.v1.refunds.create({"payment_intent": intent.id})


def test_an_authorisation_nobody_captures_expires_after_seven_days(shop):
    intent = authorise(shop)
    shop.control.turn_clock(advance=7 * 86_400 + 1)
    expired = shop.api.v1.payment_intents.retrieve(intent.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")
    assert "charge.expired" in [event["type"] for event in shop.control.events()]
