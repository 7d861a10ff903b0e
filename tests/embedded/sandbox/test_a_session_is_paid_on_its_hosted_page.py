import httpx
import pytest
import stripe

from shop.embedded.sandbox.client import pay, request_page

CARD = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}


def test_a_new_session_is_open_unpaid_and_has_no_payment_intent_yet(shop):
    session = shop.open_session()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert session.amount_total == 8430
    assert session.url.startswith(f"{shop.url}/c/pay/cs_test_")
    assert session.expires_at - session.created == 24 * 3600
    assert session.ui_mode == "hosted_page"
    assert session.client_secret is None


def test_the_page_names_merchant_lines_and_the_sum_on_its_button(shop):
    page = httpx.get(shop.open_session().url)
    assert page.status_code == 200
    for words in ("Lumen &amp; Loom", "Mug &lt;Blue&gt;", "2 × 39.90 EUR", "4.50 EUR", "Pay 84.30 EUR</button>"):
        assert words in page.text
    assert "<script" not in page.text
    assert 'href="http://shop.test/basket/"' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_paying_sends_the_browser_to_the_success_page_with_the_session_id(shop):
    session = shop.open_session()
    answer = httpx.post(session.url, data=CARD)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://shop.test/thanks/?session={session.id}"


def test_a_paid_session_tells_everything_when_retrieved(shop):
    session = shop.open_session()
    pay(session.url)
    paid = shop.api.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    )
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.payment_intent
    assert (intent.amount, intent.amount_received, intent.currency, intent.status) == (8430, 8430, "eur", "succeeded")
    assert intent.metadata["order"] == "1001"
    assert paid.metadata["order"] == "1001"
    assert paid.client_reference_id == "1001"
    assert paid.customer_details.email == "robin@example.com"
    assert intent.latest_charge.paid
    assert [line.description for line in paid.line_items.data] == ["Mug <Blue>", "Delivery"]
    plain = shop.api.v1.checkout.sessions.retrieve(session.id)
    assert plain.payment_intent == intent.id
    assert "line_items" not in plain


def test_the_events_of_a_payment_come_in_the_order_of_what_happened(shop):
    session = shop.open_session()
    pay(session.url)
    assert [event["type"] for event in shop.control.events()][:4] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    shop.inbox.wait_for_types("checkout.session.completed", "charge.updated")


def test_visiting_or_paying_a_paid_session_again_only_redirects(shop):
    session = shop.open_session()
    pay(session.url)
    assert httpx.get(session.url).headers["Location"].endswith(session.id)
    assert httpx.post(session.url, data=CARD).status_code == 303
    assert len(shop.control.state()["charges"]) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": ""}, "Enter the card number."),
        ({"expiry": "soon"}, "Enter the month and year on the card, like 12 / 34."),
        ({"cvc": ""}, "Enter the security code: three digits, or four with American Express."),
        ({"number": "4242424242424241"}, "Your card number is incorrect."),
        ({"number": "x" * 10_000}, "Your card number is incorrect."),
        ({"number": "4111111111111111"}, "This is a sandbox: real cards are refused. Use one of the test cards below."),
        ({"expiry": "13/34"}, "Your card's expiration month is invalid."),
        ({"expiry": "12/20"}, "Your card's expiration year is invalid."),
        ({"cvc": "12"}, "Your card's security code is invalid."),
    ],
)
def test_a_mistake_in_the_form_is_said_in_place_and_charges_nothing(shop, wrong, words):
    session = shop.open_session()
    answer = httpx.post(session.url, data={**CARD, "name": 'Robin "R"', **wrong})
    assert answer.status_code in (402, 422)
    page = request_page("POST", session.url, {**CARD, **wrong})
    assert page.problems == [words]
    assert 'value="Robin &quot;R&quot;"' in answer.text
    assert "4242" not in answer.text.split("Test cards")[0]
    assert shop.control.state()["charges"] == []


def test_several_mistakes_are_listed_together_with_links_to_their_fields(shop):
    page = request_page("POST", shop.open_session().url, {})
    assert len(page.problems) == 3
    for field in ("number", "expiry", "cvc"):
        assert f'href="#{field}"' in page.html
        assert f'aria-describedby="{field}-error" aria-invalid="true"' in page.html


def test_the_page_asks_for_an_address_only_when_the_shop_gave_none(shop):
    assert 'id="email"' not in request_page("GET", shop.open_session().url).html
    session = shop.open_session(customer_email=None)
    assert request_page("POST", session.url, CARD).problems == ["Enter your e-mail address, like name@example.com."]
    assert pay(session.url, email="lea@example.com").status == 303
    assert shop.api.v1.checkout.sessions.retrieve(session.id).customer_details.email == "lea@example.com"


def test_an_expired_session_says_so_and_takes_no_money(shop):
    session = shop.open_session()
    expired = shop.api.v1.checkout.sessions.expire(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    page = pay(session.url)
    assert page.status == 410
    assert "This payment page has expired" in page.html
    assert shop.control.state()["payment_intents"] == []
    shop.inbox.wait_for_types("checkout.session.expired")


def test_a_session_expires_by_itself_when_its_time_is_up(shop):
    session = shop.open_session(expires_at=shop.control.call("GET", "health")["now"] + 1800)
    shop.control.turn_clock(advance=1801)
    assert shop.api.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert [event["type"] for event in shop.control.events()] == ["checkout.session.expired"]


def test_only_an_open_session_can_be_expired(shop):
    session = shop.open_session()
    pay(session.url)
    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        shop.api.v1.checkout.sessions.expire(session.id)


def test_a_page_nobody_made_is_not_found(shop):
    assert httpx.get(f"{shop.url}/c/pay/cs_test_nobody").status_code == 404
    assert httpx.get(f"{shop.url}/anything").status_code == 404


def test_sessions_are_listed_newest_first_and_by_payment_intent(shop):
    first, second = shop.open_session(), shop.open_session()
    pay(first.url)
    assert [one.id for one in shop.api.v1.checkout.sessions.list().data] == [second.id, first.id]
    intent = shop.api.v1.checkout.sessions.retrieve(first.id).payment_intent
    found = shop.api.v1.checkout.sessions.list({"payment_intent": intent})
    assert [one.id for one in found.data] == [first.id]
    assert [one.id for one in shop.api.v1.checkout.sessions.list({"status": "open"}).data] == [second.id]


def test_the_payment_of_an_open_session_is_given_up_by_expiring_the_session(shop):
    session = shop.open_session()
    pay(session.url, card="4000002760003184", authenticate="stop")
    intent = shop.api.v1.checkout.sessions.retrieve(session.id).payment_intent
    with pytest.raises(stripe.InvalidRequestError, match="Expire the Checkout Session"):
        shop.api.v1.payment_intents.cancel(intent)
    shop.api.v1.checkout.sessions.expire(session.id)
    assert shop.api.v1.payment_intents.retrieve(intent).status == "canceled"


def test_with_manual_capture_a_session_is_complete_but_unpaid_until_the_capture(shop):
    session = shop.open_session(payment_intent_data={"capture_method": "manual"})
    pay(session.url)
    held = shop.api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (held.status, held.payment_status, held.payment_intent.status) == ("complete", "unpaid", "requires_capture")
    shop.api.v1.payment_intents.capture(held.payment_intent.id)
    assert shop.api.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize(
    ("iban", "outcome"), [("DE89370400440532013000", "succeeded"), ("DE62370400440532013001", "failed")]
)
def test_a_bank_debit_completes_the_session_and_is_decided_later(shop, iban, outcome):
    session = shop.open_session(payment_method_types=["card", "sepa_debit"])
    answer = httpx.post(session.url, data={"method": "sepa_debit", "iban": iban})
    assert answer.status_code == 303
    shop.inbox.wait_for_types("payment_intent.processing", "checkout.session.completed")
    shop.inbox.wait_for_types(f"checkout.session.async_payment_{outcome}")
    later = shop.api.v1.checkout.sessions.retrieve(session.id)
    assert (later.status, later.payment_status) == ("complete", "paid" if outcome == "succeeded" else "unpaid")


def test_a_wrong_iban_is_said_in_place(shop):
    session = shop.open_session(payment_method_types=["card", "sepa_debit"])
    page = request_page("POST", session.url, {"method": "sepa_debit", "iban": "DE00"})
    assert page.problems == ["The IBAN you provided is invalid."]
