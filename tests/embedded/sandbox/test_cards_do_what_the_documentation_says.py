import pytest
import stripe

from shop.embedded.sandbox.cards import CARDS, NAMED_METHODS
from shop.embedded.sandbox.client import pay

DECLINES = [
    ("4000000000000002", "pm_card_chargeDeclined", "card_declined", "generic_decline"),
    ("4000000000009995", "pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("4000000000009987", "pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("4000000000009979", "pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    ("4000000000000069", "pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
    ("4000000000000119", "pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
    ("4100000000000019", "pm_card_radarBlock", "card_declined", "fraudulent"),
    ("4000000000000341", "pm_card_chargeCustomerFail", "card_declined", "generic_decline"),
]
GOOD = [name for name, number in NAMED_METHODS.items() if CARDS[number].decline is None]


@pytest.mark.parametrize(("number", "name", "code", "decline_code"), DECLINES)
def test_a_refused_card_is_a_402_that_carries_codes_and_the_intent(shop, number, name, code, decline_code):
    with pytest.raises(stripe.CardError) as refusal:
        shop.pay_intent(method=name)
    error = refusal.value
    assert (error.http_status, error.code, error.error.decline_code) == (402, code, decline_code)
    intent = shop.api.v1.payment_intents.retrieve(error.error.payment_intent.id, {"expand": ["latest_charge"]})
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.code == code
    assert (intent.latest_charge.status, intent.latest_charge.failure_code) == ("failed", code)
    assert intent.amount_received == 0
    types = [event["type"] for event in shop.control.events()]
    assert types == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


@pytest.mark.parametrize(("number", "name", "code", "decline_code"), DECLINES)
def test_a_refused_card_is_explained_on_the_page_and_another_card_then_pays(shop, number, name, code, decline_code):
    session = shop.open_session()
    page = pay(session.url, card=number)
    assert page.status == 402
    assert len(page.problems) == 1
    assert page.problems[0].startswith(("Your card", "An error occurred"))
    assert shop.api.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert pay(session.url).status == 303
    state = shop.control.state()
    assert [intent["status"] for intent in state["payment_intents"]] == ["succeeded"]
    assert [charge["status"] for charge in state["charges"]] == ["failed", "succeeded"]


@pytest.mark.parametrize("name", GOOD)
def test_every_named_good_card_pays_or_asks(shop, name):
    intent = shop.pay_intent(method=name)
    needs_step = CARDS[NAMED_METHODS[name]].authentication != "none"
    assert intent.status == ("requires_action" if needs_step else "succeeded")


def test_a_card_given_by_number_is_described_but_never_shown(shop):
    method = shop.api.v1.payment_methods.create(
        {"type": "card", "card": {"number": "5555555555554444", "exp_month": 4, "exp_year": 2040, "cvc": "314"}}
    )
    assert (method.card.brand, method.card.last4, method.card.exp_year) == ("mastercard", "4444", 2040)
    assert "5555555555554444" not in str(method)
    assert shop.pay_intent(method=method.id).status == "succeeded"


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"number": "4242424242424241", "exp_month": 4, "exp_year": 2040}, "incorrect_number"),
        ({"number": "4111111111111111", "exp_month": 4, "exp_year": 2040}, "card_declined"),
        ({"number": "4242424242424242", "exp_month": 14, "exp_year": 2040}, "invalid_expiry_month"),
        ({"number": "4242424242424242", "exp_month": 4, "exp_year": 2020}, "invalid_expiry_year"),
        ({"number": "4242424242424242", "exp_month": 4, "exp_year": 2040, "cvc": "1"}, "invalid_cvc"),
    ],
)
def test_a_card_that_cannot_be_is_refused_before_it_becomes_a_payment_method(shop, card, code):
    with pytest.raises(stripe.CardError) as refusal:
        shop.api.v1.payment_methods.create({"type": "card", "card": card})
    assert refusal.value.code == code


def test_a_declining_card_cannot_be_attached_except_the_one_that_declines_later(shop):
    customer = shop.api.v1.customers.create({"email": "lea@example.com"}).id
    with pytest.raises(stripe.CardError):
        shop.api.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer})
    kept = shop.api.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    with pytest.raises(stripe.CardError) as refusal:
        shop.pay_intent(method=kept.id, customer=customer)
    assert refusal.value.error.decline_code == "generic_decline"


def test_a_method_used_without_a_customer_cannot_be_used_twice(shop):
    method = shop.api.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    shop.pay_intent(method=method.id)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        shop.pay_intent(method=method.id)
