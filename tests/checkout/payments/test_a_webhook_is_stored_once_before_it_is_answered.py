"""The inbox: signed, stored raw with its job in one transaction, deduplicated; forged and stale leave no trace."""

import json
import time
from functools import partial
from typing import Any

import pytest
from django.test import Client

from checkout.models import ProviderEvent
from checkout.payments import webhooks
from shop.outbox.models import OutboxEvent
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order

pytestmark = pytest.mark.feature("PA04")

EVENT = {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_x"}}}


def jobs() -> int:
    return OutboxEvent.objects.filter(name="provider.event_received").count()


@pytest.mark.django_db
def test_a_duplicate_is_answered_200_and_makes_no_second_job(till: Till) -> None:
    assert [till.post(EVENT).status_code for _ in range(5)] == [200] * 5
    assert ProviderEvent.objects.get().payload == EVENT
    assert jobs() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"secret": "whsec_wrong"}, "No signatures found matching the expected signature"),
        ({"at": int(time.time()) - 400}, "Timestamp outside the tolerance zone"),
    ],
)
def test_a_forged_or_stale_signature_is_refused_with_a_sentence(till: Till, how: dict[str, Any], words: str) -> None:
    answer = till.post(EVENT, **how)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ProviderEvent.objects.exists()
    assert jobs() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("header", [None, "", "nonsense", "t=abc,v1=00", "v1=00", "t=1,v1=💥"])
@pytest.mark.parametrize("body", [b"{}", b"", b"\xff\xfe", b"[]", b"null", b'{"id": 1}'])
def test_nonsense_gets_a_sentence_and_never_a_500(client: Client, header: str | None, body: bytes) -> None:
    headers = {} if header is None else {"Stripe-Signature": header}
    answer = client.post("/webhooks/stripe/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.content.startswith(b"Refused. ")
    assert client.get("/webhooks/stripe/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["[]", "null", '{"id": 1}', "{", '"text"'])
def test_a_signed_body_that_is_no_event_is_refused_too(client: Client, settings: Any, body: str) -> None:
    import stripe

    header = stripe.WebhookSignature.generate_signature_header(body, settings.STRIPE_WEBHOOK_SECRETS[0])
    answer = client.post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header}
    )
    assert answer.status_code == 400


@pytest.mark.django_db
def test_two_secrets_are_accepted_while_one_replaces_the_other(till: Till, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    assert till.post(EVENT, secret="whsec_old").status_code == 200
    assert till.post({**EVENT, "id": "evt_2"}, secret="whsec_new").status_code == 200
    assert till.post({**EVENT, "id": "evt_3"}, secret="whsec_older").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_an_event_whose_job_cannot_be_written_is_not_stored(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **fields: object) -> bool:
        raise RuntimeError("the process dies here")

    publish = webhooks.publish
    monkeypatch.setattr(webhooks, "publish", fail)
    with pytest.raises(RuntimeError):
        till.post(EVENT)
    assert not ProviderEvent.objects.exists()
    monkeypatch.setattr(webhooks, "publish", publish)
    assert till.post(EVENT).status_code == 200
    assert jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_event_on_many_connections_is_one_row_and_one_job(till: Till) -> None:
    assert at_once([partial(till.post, EVENT)] * 8) == []
    assert (ProviderEvent.objects.count(), jobs()) == (1, 1)


@pytest.mark.django_db
def test_events_of_things_that_are_not_ours_are_answered_and_noted(till: Till) -> None:
    strange = [
        EVENT,
        {"id": "evt_2", "object": "event", "type": "refund.updated", "data": {"object": {"object": "refund"}}},
        {"id": "evt_3", "object": "event", "type": "customer.created", "data": {"object": {"id": "cus_1"}}},
        {"id": "evt_4", "object": "event", "type": "charge.dispute.created", "data": {"object": {"id": "du_1"}}},
        {"id": "evt_5", "object": "event", "type": "payment_intent.succeeded", "data": None},
        {
            "id": "evt_6",
            "object": "event",
            "type": "checkout.session.completed",
            "data": {"object": {"id": "cs_1", "object": "checkout.session", "metadata": {"attempt": "9" * 30}}},
        },
    ]
    assert set(till.deliver(strange)) == {200}
    run_jobs()
    told = dict(ProviderEvent.objects.filter(handled_at__isnull=False).values_list("event_id", "outcome"))
    assert told["evt_1"] == told["evt_4"] == told["evt_6"] == "No payment of this shop."
    assert told["evt_3"] == "Nothing to do."
    assert {"evt_5"} <= set(told)


@pytest.mark.django_db
def test_a_false_claim_in_a_signed_event_changes_nothing(till: Till) -> None:
    order = make_order()
    till.open(order)
    attempt = payment_of(order)
    lie = {
        "id": "evt_lie",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {
            "object": {
                "id": attempt.session_id,
                "object": "checkout.session",
                "payment_status": "paid",
                "amount_total": 1,
                "metadata": {"order": order.number, "attempt": str(attempt.pk)},
            }
        },
    }
    assert till.post(lie).status_code == 200
    run_jobs()
    assert state_of(order) == "pending payment"
    assert json.loads(json.dumps(lie)) == ProviderEvent.objects.get().payload


@pytest.mark.django_db
@pytest.mark.parametrize("order_of_delivery", ["forward", "reverse", "shuffled"])
def test_lost_repeated_and_reordered_events_end_the_same(till: Till, order_of_delivery: str) -> None:
    import random

    orders = [make_order(email=f"shopper{n}@example.com") for n in range(4)]
    for order in orders:
        till.pay(order)
    events = [event for event in till.events() for _ in range(random.Random(7).choice((1, 2, 5)))]
    if order_of_delivery == "reverse":
        events.reverse()
    elif order_of_delivery == "shuffled":
        random.Random(3).shuffle(events)
    lost = {"payment_intent.succeeded", "checkout.session.completed"} if order_of_delivery == "shuffled" else set()
    till.deliver([event for event in events if event["type"] not in lost])
    run_jobs()
    assert {state_of(order) for order in orders} == {"paid"}
    assert broken_invariants() == []
