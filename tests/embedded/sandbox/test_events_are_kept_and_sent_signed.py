import time

import pytest
import stripe

from shop.embedded.sandbox.client import pay


def test_a_webhook_is_accepted_by_the_sdk_and_carries_what_stripe_sends(shop):
    intent = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"}, {"idempotency_key": "k1"})
    shop.inbox.wait_for_types("payment_intent.created")
    event = shop.inbox.letters[0].open()
    assert event.api_version == stripe.api_version
    assert event.data.object.id == intent.id
    assert event.request.idempotency_key == "k1"
    assert event.request.id == intent.last_response.request_id
    assert event.pending_webhooks == 1
    assert event.livemode is False


def test_a_wrong_secret_or_a_changed_body_is_refused(shop):
    shop.pay_intent()
    shop.inbox.wait_for_count(1)
    letter = shop.inbox.letters[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(letter.body, letter.signature, "whsec_other")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(letter.body + b" ", letter.signature, "whsec_inbox")


def test_a_refused_webhook_is_tried_again_with_growing_waits(shop):
    shop.inbox.answers[:] = [500, 400]
    shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    started = time.monotonic()
    shop.inbox.wait_for_count(3)
    assert time.monotonic() - started > 0.25
    assert [letter.answered for letter in shop.inbox.letters] == [500, 400, 200]
    assert len({letter.open().id for letter in shop.inbox.letters}) == 1
    time.sleep(0.05)
    event = shop.api.v1.events.list().data[0]
    assert event.pending_webhooks == 0
    assert [one.id for one in shop.api.v1.events.list({"delivery_success": True}).data] == [event.id]


def test_after_the_last_try_an_event_counts_as_undelivered(shop):
    shop.inbox.answers[:] = [500] * 4
    shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    shop.inbox.wait_for(lambda _: shop.control.deliveries()[0]["status"] == "failed")
    assert len(shop.inbox.letters) == 4
    lost = shop.api.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in lost] == ["payment_intent.created"]
    assert shop.control.resend(events=[lost[0].id]) == 1
    shop.inbox.wait_for_count(5)


def test_events_are_listed_by_type_and_read_one_by_one(shop):
    pay(shop.open_session().url)
    kinds = [event.type for event in shop.api.v1.events.list({"type": "payment_intent.*"}).data]
    assert kinds == ["payment_intent.succeeded", "payment_intent.created"]
    one = shop.api.v1.events.list({"type": "checkout.session.completed"}).data[0]
    assert shop.api.v1.events.retrieve(one.id).data.object.payment_status == "paid"
    both = shop.api.v1.events.list({"types": ["charge.succeeded", "payment_intent.created"]}).data
    assert len(both) == 2


def test_an_event_holds_the_object_as_it_was(shop):
    intent = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    shop.api.v1.payment_intents.cancel(intent.id)
    created = shop.api.v1.events.list({"type": "payment_intent.created"}).data[0]
    assert created.data.object.status == "requires_payment_method"


def test_endpoints_can_be_made_changed_and_removed(shop):
    endpoint = shop.api.v1.webhook_endpoints.create(
        {"url": f"{shop.inbox.url}second/", "enabled_events": ["payment_intent.canceled"]}
    )
    try:
        assert endpoint.secret.startswith("whsec_")
        assert "secret" not in shop.api.v1.webhook_endpoints.retrieve(endpoint.id)
        intent = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"})
        shop.api.v1.payment_intents.cancel(intent.id)
        shop.inbox.wait_for_count(3)
        with_new_secret = [letter for letter in shop.inbox.letters if _is_signed(letter, endpoint.secret)]
        assert len(with_new_secret) == 1
        changed = shop.api.v1.webhook_endpoints.update(endpoint.id, {"disabled": True, "description": "spare"})
        assert (changed.status, changed.description) == ("disabled", "spare")
        assert len(shop.api.v1.webhook_endpoints.list().data) == 2
    finally:
        assert shop.api.v1.webhook_endpoints.delete(endpoint.id).deleted


def _is_signed(letter, secret):
    try:
        stripe.Webhook.construct_event(letter.body, letter.signature, secret)
    except stripe.SignatureVerificationError:
        return False
    return True
