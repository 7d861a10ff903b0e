"""The webhook endpoint: forgeries are refused and leave nothing, a burst is taken whole, each event is handled once."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from shop.embedded.sandbox.courier import sign
from tests.faults.books import assert_all_is_well
from tests.faults.buying import at_payment, order_of, pay_and_stay, status_of
from tests.faults.points import wait_for
from tests.live.running_shop import RunningShop

pytestmark = pytest.mark.live
DOOR = "/webhooks/stripe/"
BURST, SENDERS = 500, 16


@pytest.fixture
def client(shop: RunningShop) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shop.url, timeout=60) as client:
        yield client


def event(name: str, *, kind: str = "payment_intent.succeeded", **thing: Any) -> bytes:
    about = {"id": "pi_nobody", "object": "payment_intent", "status": "succeeded", **thing}
    return json.dumps({"id": name, "object": "event", "type": kind, "data": {"object": about}}).encode()


def secret_of(shop: RunningShop) -> str:
    return shop.services["STRIPE_WEBHOOK_SECRET"].split(",")[0]


def signed(shop: RunningShop, body: bytes, *, age: int = 0, secret: str = "") -> dict[str, str]:
    return {"Stripe-Signature": sign(body, secret=secret or secret_of(shop), at=int(time.time()) - age)}


def stored(shop: RunningShop) -> tuple[int, int]:
    return (
        shop.query("SELECT count(*) FROM checkout_providerevent")[0][0],
        shop.query("SELECT count(*) FROM outbox_outboxevent WHERE name = 'provider.event_received'")[0][0],
    )


def test_what_the_provider_did_not_sign_is_refused_and_not_kept(shop: RunningShop, client: httpx.Client) -> None:
    body = event("evt_forged")
    right = signed(shop, body)["Stripe-Signature"]
    before = stored(shop)
    for headers, sent in [
        ({}, body),
        ({"Stripe-Signature": ""}, body),
        ({"Stripe-Signature": "t=abc,v1=def"}, body),
        ({"Stripe-Signature": "x" * 5000}, body),
        ({"Stripe-Signature": right.replace("v1=", "v0=")}, body),
        ({"Stripe-Signature": right}, body + b" "),
        ({"Stripe-Signature": right}, body.replace(b"pi_nobody", b"pi_other1")),
        (signed(shop, body, secret="whsec_of_another_shop"), body),
        (signed(shop, body, age=301), body),
        (signed(shop, b"not json"), b"not json"),
        (signed(shop, b"[]"), b"[]"),
        (signed(shop, b'{"id": "evt_x"}'), b'{"id": "evt_x"}'),
        (signed(shop, b"\xff\xfe"), b"\xff\xfe"),
    ]:
        answer = client.post(DOOR, content=sent, headers=headers)
        assert answer.status_code == 400, (headers, answer.status_code, answer.text[:200])
        assert answer.text.startswith("Refused. ")
    assert stored(shop) == before


def test_signed_nonsense_is_kept_and_does_nothing(shop: RunningShop, client: httpx.Client) -> None:
    """An unknown kind, an unknown payment, and things of the wrong shape: handled, once, without a parked job."""
    orders = shop.query("SELECT id, status FROM order_order ORDER BY id")
    odd: list[bytes] = [
        event("evt_odd_kind", kind="new.kind.of_event"),
        event("evt_odd_payment", metadata={"attempt": "999999999", "order": "LL-NOPE"}),
        event("evt_odd_ref", metadata={"attempt": "9" * 60}),
        event("evt_odd_text", metadata={"attempt": "\u0000"[:0] + "one; DROP TABLE"}),
        event("evt_odd_refund", kind="refund.updated", object="nonsense"),
        json.dumps({"id": "evt_odd_data", "type": "charge.succeeded", "data": None}).encode(),
        json.dumps({"id": "evt_odd_list", "type": "charge.succeeded", "data": {"object": [1]}}).encode(),
        json.dumps({"id": "evt_odd_" + "x" * 500, "type": "y" * 500, "data": {}}).encode(),
    ]
    for body in odd:
        assert client.post(DOOR, content=body, headers=signed(shop, body)).status_code == 200, body[:80]
    assert_all_is_well(shop)
    assert shop.query("SELECT id, status FROM order_order ORDER BY id") == orders


def test_five_hundred_at_once_are_all_taken_and_handled_once(shop: RunningShop, client: httpx.Client) -> None:
    """Half of them are repeats of the other half. The slowest of a hundred is printed; the bench asserts times."""
    shopper = at_payment(shop)
    pay_and_stay(shopper)
    wait_for(lambda: status_of(shop, shopper) == "paid", what="the webhook")
    ((intent,),) = shop.query(
        "SELECT intent_id FROM checkout_paymentattempt WHERE order_id = %s", order_of(shop, shopper)
    )
    run = time.time_ns()
    bodies = [event(f"evt_burst_{run}_{number % (BURST // 2)}", id=intent) for number in range(BURST)]
    seconds: list[float] = []

    def send(body: bytes) -> int:
        began = time.monotonic()
        status = client.post(DOOR, content=body, headers=signed(shop, body)).status_code
        seconds.append(time.monotonic() - began)
        return status

    with ThreadPoolExecutor(SENDERS) as pool:
        assert Counter(pool.map(send, bodies)) == {200: BURST}
    seconds.sort()
    print(
        f"\n{BURST} webhooks by {SENDERS} senders: p50 {seconds[BURST // 2]:.3f} s, p99 {seconds[-BURST // 100]:.3f} s"
    )
    pattern = f"evt_burst_{run}_%"
    assert shop.query("SELECT count(*) FROM checkout_providerevent WHERE event_id LIKE %s", pattern) == [(BURST // 2,)]
    assert_all_is_well(shop)
    assert shop.query(
        "SELECT count(*), max(e.attempts) FROM checkout_providerevent p JOIN outbox_outboxevent e"
        " ON e.key = 'provider.event_received:' || p.id WHERE p.event_id LIKE %s AND p.handled_at IS NOT NULL",
        pattern,
    ) == [(BURST // 2, 1)]
    assert shop.query(
        "SELECT count(*) FROM checkout_orderevent WHERE order_id = %s AND to_state = 'paid'", order_of(shop, shopper)
    ) == [(1,)]
