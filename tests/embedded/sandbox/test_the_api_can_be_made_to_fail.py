import threading
import time

import pytest
import stripe

from shop.embedded.sandbox.client import ControlRefused, SandboxControl

PARAMS = {"amount": 1000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}


def create(api, key="k1"):
    return api.v1.payment_intents.create(PARAMS, {"idempotency_key": key})


def count_charges(shop):
    return len(shop.control.state()["charges"])


def test_a_request_can_be_executed_and_never_answered(shop, connect_to):
    shop.control.fail_next(kind="timeout", seconds=5)
    hasty = connect_to(shop.url, timeout=0.3)
    with pytest.raises(stripe.APIConnectionError):
        create(hasty)
    assert count_charges(shop) == 1
    again = create(shop.api)
    assert again.status == "succeeded"
    assert count_charges(shop) == 1


def test_a_silent_connection_is_closed_in_the_end(shop):
    shop.control.fail_next(kind="timeout", seconds=0.2)
    with pytest.raises(stripe.APIConnectionError):
        create(shop.api)
    assert count_charges(shop) == 1


def test_the_connection_can_be_reset_before_anything_ran(shop):
    shop.control.fail_next(kind="reset")
    with pytest.raises(stripe.APIConnectionError):
        create(shop.api)
    assert count_charges(shop) == 0
    assert create(shop.api).status == "succeeded"


def test_the_sdk_survives_resets_and_rate_limits_by_its_own_retries(shop, connect_to):
    shop.control.fail_next(2, kind="reset")
    assert create(connect_to(shop.url, retries=2)).status == "succeeded"
    assert count_charges(shop) == 1


def test_a_500_can_come_before_or_after_the_deed(shop):
    shop.control.fail_next(kind="error")
    with pytest.raises(stripe.APIError):
        create(shop.api, "before")
    assert count_charges(shop) == 0
    shop.control.fail_next(kind="error", executed=True)
    with pytest.raises(stripe.APIError):
        create(shop.api, "after")
    assert count_charges(shop) == 1


def test_a_500_of_a_middleman_is_not_remembered(shop):
    shop.control.fail_next(kind="error", executed=True, saved=False)
    with pytest.raises(stripe.APIError):
        shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"}, {"idempotency_key": "k1"})
    assert shop.api.v1.payment_intents.create({"amount": 1000, "currency": "eur"}, {"idempotency_key": "k1"}).id


def test_too_many_requests_can_be_said(shop):
    shop.control.fail_next(3, kind="rate_limit")
    for _ in range(3):
        with pytest.raises(stripe.RateLimitError):
            shop.api.v1.balance.retrieve()
    assert shop.api.v1.balance.retrieve().object == "balance"


def test_an_answer_can_be_broken_json(shop):
    shop.control.fail_next(kind="malformed")
    with pytest.raises(stripe.APIError, match="Invalid response body"):
        create(shop.api)
    assert count_charges(shop) == 1
    assert create(shop.api).status == "succeeded"
    assert count_charges(shop) == 1


def test_answers_can_be_slow_without_holding_up_others(shop, connect_to):
    shop.control.add_fault("latency", path="/v1/balance", seconds=0.6)
    slow = threading.Thread(target=connect_to(shop.url).v1.balance.retrieve)
    slow.start()
    started = time.monotonic()
    create(shop.api)
    assert time.monotonic() - started < 0.4
    slow.join()
    assert time.monotonic() - started >= 0.5


def test_a_fault_can_be_kept_to_one_address_and_verb(shop):
    shop.control.add_fault("error", path="/v1/refunds*", method="POST")
    intent = create(shop.api)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            shop.api.v1.refunds.create({"payment_intent": intent.id})
    assert shop.api.v1.refunds.list().data == []
    shop.control.clear_faults()
    assert shop.api.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_a_fault_can_hit_a_share_of_requests(shop):
    shop.control.add_fault("rate_limit", rate=0.5)
    outcomes = []
    for _ in range(60):
        try:
            shop.api.v1.balance.retrieve()
            outcomes.append(True)
        except stripe.RateLimitError:
            outcomes.append(False)
    assert {True, False} == set(outcomes)
    assert shop.control.call("GET", "faults")[0]["hits"] == outcomes.count(False)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "error", "colour": "red"},
        {"kind": "error", "rate": 2},
        {"kind": "error", "remaining": 0},
        {"kind": "error", "seconds": "many"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_with_a_sentence(shop, rule):
    with pytest.raises(ControlRefused):
        shop.control.call("POST", "faults", rule)
    assert shop.control.call("GET", "faults") == []


def test_an_unknown_control_is_refused(shop):
    with pytest.raises(ControlRefused, match="No such control"):
        shop.control.call("GET", "weather")
    assert shop.control.is_healthy()
    assert not SandboxControl("http://127.0.0.1:9").is_healthy()
