import http.client
import threading
import time
from urllib.parse import urlencode, urlsplit

import pytest
import stripe

PARAMS = {"amount": 1000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}


def create(shop, key, **changes):
    return shop.api.v1.payment_intents.create({**PARAMS, **changes}, {"idempotency_key": key})


def count_intents(shop):
    return len(shop.control.state()["payment_intents"])


def test_the_same_key_and_parameters_repeat_the_first_answer(shop):
    first, second = create(shop, "k1"), create(shop, "k1")
    assert first.id == second.id
    assert count_intents(shop) == 1
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert second.last_response.headers["Original-Request"] == first.last_response.request_id
    assert second.last_response.body == first.last_response.body


def test_the_first_answer_is_repeated_even_when_the_object_has_changed_since(shop):
    first = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"}, {"idempotency_key": "k1"})
    shop.api.v1.payment_intents.cancel(first.id)
    again = shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"}, {"idempotency_key": "k1"})
    assert (again.id, again.status) == (first.id, "requires_payment_method")


def test_the_same_key_with_other_parameters_is_an_error(shop):
    create(shop, "k1")
    with pytest.raises(stripe.IdempotencyError, match="same parameters") as refusal:
        create(shop, "k1", amount=2000)
    assert refusal.value.http_status == 400
    assert refusal.value.error.type == "idempotency_error"
    assert count_intents(shop) == 1


def test_the_same_key_at_another_address_is_an_error(shop):
    intent = create(shop, "k1")
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        shop.api.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "k1"})


def test_a_key_in_use_is_a_conflict(shop, connect_to):
    shop.control.fail_next(kind="latency", seconds=0.6)
    results = []

    def first() -> None:
        results.append(connect_to(shop.url).v1.payment_intents.create(PARAMS, {"idempotency_key": "k1"}))

    thread = threading.Thread(target=first)
    thread.start()
    time.sleep(0.2)
    with pytest.raises(stripe.APIError) as refusal:
        create(shop, "k1")
    assert (refusal.value.http_status, refusal.value.error.code) == (409, "idempotency_key_in_use")
    thread.join()
    assert create(shop, "k1").id == results[0].id
    assert count_intents(shop) == 1


def test_twenty_at_once_with_the_same_key_make_one_payment(shop, connect_to):
    ids = []

    def submit() -> None:
        ids.append(connect_to(shop.url, retries=5).v1.payment_intents.create(PARAMS, {"idempotency_key": "k1"}).id)

    threads = [threading.Thread(target=submit) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 20
    assert len(set(ids)) == 1
    assert len(shop.control.state()["charges"]) == 1


def test_a_decline_is_remembered(shop):
    messages = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            create(shop, "k1", payment_method="pm_card_chargeDeclined")
        messages.append(refusal.value.json_body)
    assert messages[0] == messages[1]
    assert len(shop.control.state()["charges"]) == 1


def test_a_server_error_is_remembered(shop):
    shop.control.fail_next(kind="error")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as refusal:
            create(shop, "k1")
        assert refusal.value.http_status == 500
    assert count_intents(shop) == 0
    assert create(shop, "k2").status == "succeeded"


def test_a_request_that_never_passed_validation_is_not_remembered(shop):
    with pytest.raises(stripe.InvalidRequestError):
        create(shop, "k1", amount=-1)
    assert create(shop, "k1").status == "succeeded"


def test_a_rate_limited_request_is_not_remembered(shop):
    shop.control.fail_next(kind="rate_limit")
    with pytest.raises(stripe.RateLimitError):
        create(shop, "k1")
    assert create(shop, "k1").status == "succeeded"


def test_a_key_is_forgotten_after_a_day(shop):
    first = create(shop, "k1")
    shop.control.turn_clock(advance=24 * 3600 - 60)
    assert create(shop, "k1").id == first.id
    shop.control.turn_clock(advance=120)
    assert create(shop, "k1").id != first.id


def test_a_key_has_at_most_255_characters(shop):
    with pytest.raises(stripe.IdempotencyError, match="255"):
        create(shop, "k" * 256)
    assert create(shop, "k" * 255).status == "succeeded"


def test_the_order_of_the_parameters_does_not_matter(shop):
    address = urlsplit(shop.url).netloc
    bodies = []
    for pairs in (PARAMS.items(), reversed(PARAMS.items())):
        connection = http.client.HTTPConnection(address)
        headers = {"Authorization": "Bearer sk_test_1", "Idempotency-Key": "k1"}
        form = urlencode([(name, "true" if value is True else value) for name, value in pairs])
        connection.request("POST", "/v1/payment_intents", body=form, headers=headers)
        bodies.append(connection.getresponse().read())
        connection.close()
    assert bodies[0] == bodies[1]
