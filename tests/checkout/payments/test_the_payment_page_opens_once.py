"""The stored key: however often and whenever the page is asked for, one session exists, and its address is the same."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from checkout.orders.access import order_path, token_of
from checkout.payments.errors import PaymentNotPossible, ProviderUnavailable
from checkout.payments.records import PaymentAttempt
from checkout.payments.start import pay_order, start_payment
from tests.checkout.till import Till, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product


def _sessions(till: Till) -> list[dict[str, Any]]:
    return till.control.state()["sessions"]


@pytest.mark.django_db
def test_a_repeat_returns_the_same_page(till: Till) -> None:
    order = make_order()
    attempt = payment_of(order)
    url = start_payment(attempt.pk)
    assert {start_payment(attempt.pk), pay_order(order.pk), url} == {url}
    (session,) = _sessions(till)
    assert session["amount_total"] == int(order.total_incl_tax * 100)
    assert session["metadata"] == {"order": order.number, "attempt": str(attempt.pk)}
    assert session["client_reference_id"] == order.number


@pytest.mark.django_db
def test_a_crash_between_the_provider_and_the_commit_opens_no_second_page(till: Till) -> None:
    order = make_order()
    attempt = payment_of(order)
    url = start_payment(attempt.pk)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(state="created", session_id="", session_url="")
    assert start_payment(attempt.pk) == url
    assert len(_sessions(till)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["timeout", "malformed", "rate_limit", "reset"])
def test_an_answer_that_got_lost_opens_no_second_page(till: Till, kind: Any) -> None:
    order = make_order()
    till.control.fail_next(kind=kind, path="/v1/checkout/sessions", method="POST", seconds=0.1)
    for _ in range(3):
        try:
            till.open(order)
            break
        except ProviderUnavailable:
            assert state_of(order) == "pending payment"
    assert payment_of(order).state == "open"
    assert len(_sessions(till)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("executed", [True, False])
def test_a_remembered_failure_does_not_lock_the_shopper_out(till: Till, client: Client, executed: bool) -> None:
    order = make_order()
    page = order_path(token_of(order.pk))
    till.control.fail_next(kind="error", path="/v1/checkout/sessions", method="POST", executed=executed, saved=True)
    answer = client.post(f"{page}pay/", follow=True)
    assert "cannot be reached just now. Nothing was charged." in answer.content.decode()
    assert client.post(f"{page}pay/")["Location"] == payment_of(order).session_url
    till.pay(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
    assert len(till.held()) == 1


@pytest.mark.django_db
def test_a_provider_that_is_away_gets_a_sentence_and_never_a_500(till: Till, client: Client, settings: Any) -> None:
    order = make_order()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    page = order_path(token_of(order.pk))
    assert "cannot be reached just now" in client.post(f"{page}pay/", follow=True).content.decode()
    assert client.get(f"{page}?session_id=cs_test_1", follow=True).status_code == 200


@pytest.mark.django_db
def test_a_refusal_of_the_provider_is_an_alert_for_staff_and_a_sentence_for_the_shopper(till: Till) -> None:
    order = make_order(make_product(price="0.10"), method_code="standard-de")
    PaymentAttempt.objects.filter(order=order).update(amount="0.10")
    with pytest.raises(PaymentNotPossible, match="could not open the payment page"):
        start_payment(payment_of(order).pk)
    assert order.events.filter(kind="alert").count() == 1


@pytest.mark.django_db
def test_an_order_that_is_paid_cannot_be_paid_again(till: Till, client: Client) -> None:
    order = make_order()
    till.pay(order)
    till.deliver()
    run_jobs()
    page = order_path(token_of(order.pk))
    answer = client.post(f"{page}pay/", follow=True)
    assert "there is nothing to pay" in answer.content.decode()
    with pytest.raises(PaymentNotPossible):
        pay_order(order.pk)


@pytest.mark.django_db
def test_an_attempt_cancelled_while_the_provider_answered_leaves_no_open_page(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweeper closes the attempt exactly between the provider's answer and the commit."""
    from checkout.payments.gateway import StripeGateway
    from checkout.payments.sweep import close_attempt

    order = make_order()
    attempt = payment_of(order)
    open_session = StripeGateway.open_session

    def open_while_swept(self: StripeGateway, wanted: Any) -> Any:
        session = open_session(self, wanted)
        close_attempt(attempt.pk)
        return session

    monkeypatch.setattr(StripeGateway, "open_session", open_while_swept)
    with pytest.raises(PaymentNotPossible, match="cancelled meanwhile"):
        start_payment(attempt.pk)
    assert payment_of(order).state == "cancelled"
    assert [session["status"] for session in _sessions(till)] == ["expired"]


@pytest.mark.feature("CC04")
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_open_one_page(till: Till) -> None:
    order = make_order()
    barrier = threading.Barrier(8)
    urls: list[str] = []

    def click() -> None:
        barrier.wait()
        try:
            urls.extend(pay_order(order.pk) for _ in range(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls) == 24
    assert len(set(urls)) == 1
    assert len(_sessions(till)) == 1
    assert PaymentAttempt.objects.filter(order=order).count() == 1
