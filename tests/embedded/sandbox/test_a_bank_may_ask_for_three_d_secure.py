import httpx
import pytest
import stripe

from shop.embedded.sandbox.client import pay, request_page

CARDS = ["4000002500003155", "4000002760003184", "4000000000003220", "4000000000003063"]


@pytest.mark.parametrize("card", CARDS)
def test_an_approved_step_pays_the_session(shop, card):
    session = shop.open_session()
    question = pay(session.url, card=card, authenticate="stop")
    assert question.status == 303
    page = request_page("GET", question.location)
    assert "Approve 84.30 EUR" in page.html
    assert "Refuse" in page.html
    intent = shop.control.state()["payment_intents"][0]
    assert intent["status"] == "requires_action"
    answer = httpx.post(question.location, data={"answer": "approve"})
    assert answer.headers["Location"] == f"http://shop.test/thanks/?session={session.id}"
    charge = shop.control.state()["charges"][0]
    assert charge["payment_method_details"]["card"]["three_d_secure"]["result"] == "authenticated"
    types = [event["type"] for event in shop.control.events()]
    assert types[:3] == ["payment_intent.created", "payment_intent.requires_action", "charge.succeeded"]


def test_a_refused_step_returns_to_the_page_with_words_and_charges_nothing(shop):
    session = shop.open_session()
    page = pay(session.url, card=CARDS[1], authenticate="refuse")
    assert page.status == 200
    assert page.problems == [
        "Your bank did not confirm this payment: it was refused in the security step. Try again or use another card."
    ]
    state = shop.control.state()
    assert state["charges"] == []
    assert state["payment_intents"][0]["status"] == "requires_payment_method"
    assert state["payment_intents"][0]["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert shop.control.events()[-1]["type"] == "payment_intent.payment_failed"
    assert pay(session.url).status == 303


@pytest.mark.parametrize(
    ("card", "words"), [("4000008260003178", "insufficient funds"), ("4000008400001629", "declined")]
)
def test_a_card_may_be_declined_after_an_approved_step(shop, card, words):
    page = pay(shop.open_session().url, card=card)
    assert page.status == 200
    assert words in page.problems[0]


def test_an_answer_after_the_session_ran_out_pays_nothing(shop):
    session = shop.open_session()
    question = pay(session.url, card=CARDS[1], authenticate="stop")
    shop.api.v1.checkout.sessions.expire(session.id)
    back = request_page("POST", question.location, {"answer": "approve"})
    assert back.location == session.url
    assert request_page("GET", session.url).status == 410
    assert shop.control.state()["charges"] == []
    assert shop.control.state()["payment_intents"][0]["status"] == "canceled"


def test_the_question_needs_the_secret_and_an_answer(shop):
    question = pay(shop.open_session().url, card=CARDS[1], authenticate="stop")
    assert request_page("GET", question.location.split("?")[0]).status == 404
    assert request_page("POST", question.location, {"answer": "perhaps"}).status == 422


def test_a_direct_payment_is_sent_to_the_bank_and_back_to_the_shop(shop):
    intent = shop.pay_intent(method="pm_card_threeDSecure2Required", return_url="http://shop.test/back/?order=7")
    assert intent.status == "requires_action"
    assert intent.next_action.type == "redirect_to_url"
    back = httpx.post(intent.next_action.redirect_to_url.url, data={"answer": "approve"}).headers["Location"]
    assert back.startswith(f"http://shop.test/back/?order=7&payment_intent={intent.id}&")
    assert back.endswith("redirect_status=succeeded")
    assert shop.api.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_a_direct_payment_without_return_address_is_left_to_the_page_script(shop):
    intent = shop.pay_intent(method="pm_card_authenticationRequired")
    assert intent.next_action.type == "use_stripe_sdk"
    assert request_page("POST", intent.next_action.use_stripe_sdk.stripe_js, {"answer": "refuse"}).status == 200
    assert shop.api.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_without_the_shopper_present_the_bank_declines(shop):
    with pytest.raises(stripe.CardError) as refusal:
        shop.pay_intent(method="pm_card_authenticationRequired", off_session=True)
    assert refusal.value.code == "authentication_required"
    assert refusal.value.error.payment_intent.status == "requires_payment_method"


def test_a_card_set_up_before_pays_without_the_shopper(shop):
    customer = shop.api.v1.customers.create({"email": "lea@example.com"}).id
    shop.api.v1.setup_intents.create(
        {"customer": customer, "payment_method": "pm_card_authenticationRequiredOnSetup", "confirm": True}
    )
    kept = shop.api.v1.payment_methods.list({"customer": customer}).data[0]
    intent = shop.pay_intent(method=kept.id, customer=customer, off_session=True)
    assert intent.status == "succeeded"
