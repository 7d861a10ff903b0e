"""The authorisation ended after the first parcel: a link asks for the rest, its payment lifts the hold, the rest ships."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from oscar.apps.order.models import Order

from checkout.invoices.records import Paper
from checkout.models import Mail, PaymentAttempt
from checkout.orders.access import order_path, token_of
from checkout.orders.cancel import cancel_order
from checkout.payments import rest as asking
from checkout.payments.capture import capture_order
from checkout.payments.errors import ProviderRefused
from checkout.payments.gateway import get_gateway
from checkout.payments.holding import hold_payment, send_nevertheless
from checkout.payments.reconcile import reconcile_payments
from checkout.payments.refund import refund_payment
from checkout.payments.rest import NothingToAsk, ask_for_rest
from checkout.payments.settle import apply_truth, settle_payment
from checkout.payments.start import pay_order
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import ParcelStop, Shipment
from shop.audit.models import AuditEntry
from tests.checkout.payments.test_each_parcel_charges_what_is_in_it import authorised, capture_each_parcel, send
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of

__all__ = ["capture_each_parcel"]
pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA07")]
REST = Decimal("76.66")


@pytest.fixture
def ended(till: Till) -> tuple[Order, PaymentAttempt]:
    """Of 114.89, 38.23 were taken with the first parcel; then a week passed."""
    order = authorised(till)
    send(order, 1, 0)
    run_jobs()
    till.control.turn_clock(advance=8 * 86_400)
    held = settle_payment(payment_of(order).pk)
    till.control.turn_clock(offset=0)
    assert (held.state, held.captured) == ("held", Decimal("38.23"))
    return order, held


def ask(order: Order) -> Decimal:
    rest = ask_for_rest(order.pk, reason="The bank let go.", actor=None)
    run_jobs()
    return rest


def pay_rest(till: Till, order: Order) -> None:
    till.pay(order)
    till.deliver()
    run_jobs()


def states(order: Order) -> list[tuple[str, Decimal, Decimal]]:
    return list(PaymentAttempt.objects.filter(order=order).order_by("pk").values_list("state", "captured", "refunded"))


def test_the_link_is_mailed_paid_and_the_rest_ships(till: Till, ended: Any, client: Client) -> None:
    order, _ = ended
    assert ask(order) == REST
    assert ask(order) == REST, "asked once"
    (letter,) = Mail.objects.filter(order=order, kind="order_rest")
    assert letter.subject == f"Please pay the rest of your order {order.number}: 76.66 EUR"
    assert "38.23 EUR were charged when a part of it left" in letter.text
    assert AuditEntry.objects.filter(action="ask for rest", subject_id=str(order.pk)).count() == 1
    page = order_path(token_of(order.pk))
    assert page in letter.text
    shown = client.get(page).content.decode()
    assert "The rest of your order waits for its payment" in shown
    assert f"{page}pay/" in shown
    answer = client.post(f"{page}pay/")
    assert answer.status_code == 303
    assert not answer["Location"].endswith(page), "to the provider"
    assert not Shipment.objects.filter(order=order, state="open").exists()
    pay_rest(till, order)
    assert states(order) == [("lapsed", Decimal("38.23"), Decimal(0)), ("paid", REST, Decimal(0))]
    assert not ParcelStop.objects.exists()
    dispatch_shipment(Shipment.objects.get(order=order, state="open").pk, actor="tests")
    run_jobs()
    assert state_of(order) == "shipped"
    assert "A part" not in client.get(page).content.decode()
    told = list(order.events.filter(kind="payment").order_by("pk").values_list("message", flat=True))
    assert told[-2:] == ["Paid: 76.66 EUR.", "The rest is paid; the hold is lifted. 1 parcel to pack."]
    assert (broken_invariants(), reconcile_payments().differences) == ([], ())
    with pytest.raises(NothingToAsk):
        ask(order)
    PaymentAttempt.objects.filter(state="lapsed").update(captured=Decimal("38.22"))
    assert "I3.1" in [name[:4] for name, _ in broken_invariants()], "a cent is missing"


def test_refunds_of_both_parts_stand_on_credit_notes_of_the_one_invoice(till: Till, ended: Any) -> None:
    order, held = ended
    ask(order)
    pay_rest(till, order)
    for attempt, amount in ((held, Decimal("38.23")), (payment_of(order), Decimal("10.00"))):
        refund_payment(attempt_id=attempt.pk, amount=amount, key=f"test:{attempt.pk}", reason="A test.")
        run_jobs()
    notes = Paper.objects.filter(order=order, kind="credit note").order_by("pk")
    assert [note.figures["total"] for note in notes] == ["38.23", "10.00"]
    assert broken_invariants() == []


def test_a_page_that_was_left_for_days_opens_anew_and_a_refused_card_may_try_again(till: Till, ended: Any) -> None:
    order, _ = ended
    ask(order)
    first = till.open(order)
    till.control.turn_clock(advance=3 * 86_400)
    till.deliver()
    run_jobs()
    till.control.turn_clock(offset=0)
    assert payment_of(order).state == "cancelled"
    assert till.open(order) != first
    assert [state for state, *_ in states(order)] == ["held", "cancelled", "open"]
    till.pay(order, card="4000000000000002")
    till.deliver()
    run_jobs()
    assert payment_of(order).last_decline
    pay_rest(till, order)
    assert [state for state, *_ in states(order)] == ["lapsed", "cancelled", "paid"]


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_ask_once_open_one_page_and_charge_once(till: Till, ended: Any) -> None:
    order, _ = ended
    at_once([lambda: ask_for_rest(order.pk, reason="r", actor=None)] * 3)
    run_jobs()
    assert Mail.objects.filter(order=order, kind="order_rest").count() == 1
    at_once([lambda: pay_order(order.pk)] * 4)
    pay_rest(till, order)
    at_once([lambda: pay_order(order.pk), lambda: settle_payment(payment_of(order).pk)] * 2)
    assert states(order) == [("lapsed", Decimal("38.23"), Decimal(0)), ("paid", REST, Decimal(0))]
    assert sum(charge["amount_captured"] for charge in till.held()) == 11_489
    assert broken_invariants() == []


def test_what_the_bank_still_held_is_let_go_before_anything_is_asked(till: Till) -> None:
    """Held for another reason while the provider would still take money, some of which was taken unseen."""
    order = authorised(till)
    held = payment_of(order)
    hold_payment(held, reason="A test.")
    held.save()
    get_gateway().capture(
        intent_id=held.intent_id, amount=Decimal("50.00"), currency="EUR", key="unseen", is_final=False
    )
    assert ask(order) == Decimal("64.89")
    (intent,) = till.control.state()["payment_intents"]
    assert (intent["amount_received"], intent["amount_capturable"]) == (5000, 0)
    assert capture_order(order.pk) is None
    pay_rest(till, order)
    assert states(order) == [
        ("lapsed", Decimal("50.00"), Decimal(0)),
        ("paid", Decimal("64.89"), Decimal(0)),
    ]
    assert Shipment.objects.filter(order=order, state="open").count() == 1
    assert broken_invariants() == []


def test_when_all_of_it_was_taken_after_all_the_hold_is_lifted_and_nobody_is_asked(till: Till) -> None:
    order = authorised(till)
    held = payment_of(order)
    hold_payment(held, reason="A test.")
    held.save()
    get_gateway().capture(intent_id=held.intent_id, amount=held.amount, currency="EUR", key="unseen", is_final=True)
    assert ask(order) == 0
    assert states(order) == [("paid", Decimal("114.89"), Decimal(0))]
    assert not Mail.objects.filter(kind="order_rest").exists()
    assert Shipment.objects.filter(order=order, state="open").count() == 1
    assert broken_invariants() == []


@pytest.mark.parametrize("is_all_taken", [False, True])
def test_who_comes_second_is_told_and_writes_nothing(
    till: Till, ended: Any, monkeypatch: pytest.MonkeyPatch, is_all_taken: bool
) -> None:
    """A colleague asks, and the shopper pays, between what the provider says and the lock."""
    order, held = ended
    look = asking._end_authorisation

    def look_slowly(attempt: PaymentAttempt) -> Any:
        monkeypatch.setattr(asking, "_end_authorisation", lambda one: truth)
        truth = look(attempt)
        if is_all_taken:
            truth = replace(truth, state="paid", captured=attempt.amount)
            assert ask(order) == 0
        else:
            assert ask(order) == REST
            pay_rest(till, order)
        return truth

    monkeypatch.setattr(asking, "_end_authorisation", look_slowly)
    with pytest.raises(NothingToAsk, match="Somebody else has just looked after"):
        ask(order)
    lifted = order.events.filter(message__contains="the hold is lifted")
    assert (lifted.count(), AuditEntry.objects.filter(action="ask for rest").count()) == (1, 0 if is_all_taken else 1)
    assert PaymentAttempt.objects.get(pk=held.pk).state == ("paid" if is_all_taken else "lapsed")


def test_an_order_cancelled_meanwhile_is_not_asked_for(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    order = authorised(till)
    held = payment_of(order)
    hold_payment(held, reason="A test.")
    held.save()
    look = asking._end_authorisation

    def look_slowly(attempt: PaymentAttempt) -> Any:
        truth = look(attempt)
        cancel_order(order.pk, reason="A colleague was faster.", actor_name="tests")
        return truth

    monkeypatch.setattr(asking, "_end_authorisation", look_slowly)
    with pytest.raises(NothingToAsk, match="Somebody else has just looked after"):
        ask(order)
    assert not Mail.objects.filter(order=order, kind="order_rest").exists()


def test_while_the_provider_could_still_take_it_nothing_is_asked(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    order = authorised(till)
    held = payment_of(order)
    hold_payment(held, reason="A test.")
    held.save()

    def refuse(**_: Any) -> None:
        raise ProviderRefused("It cannot be let go now.")

    monkeypatch.setattr(type(get_gateway()), "release", staticmethod(refuse))
    with pytest.raises(NothingToAsk, match="this payment is authorised: something of it may still be taken"):
        ask(order)
    assert PaymentAttempt.objects.get(pk=held.pk).rest_asked_at is None
    assert not Mail.objects.filter(kind="order_rest").exists()


@pytest.mark.parametrize("is_rest_paid", [False, True])
def test_a_late_success_of_the_old_authorisation_goes_back_by_itself(
    till: Till, ended: Any, is_rest_paid: bool
) -> None:
    order, held = ended
    truth = replace(get_gateway().fetch_payment(held.session_id), captured=Decimal("48.23"))
    ask(order)
    till.open(order)
    if is_rest_paid:
        pay_rest(till, order)
    apply_truth(held.pk, truth)
    apply_truth(held.pk, truth)
    if not is_rest_paid:
        pay_rest(till, order)
    old, rest = PaymentAttempt.objects.filter(order=order).order_by("pk")
    assert (old.state, old.captured, rest.state, rest.captured) == ("lapsed", Decimal("48.23"), "paid", REST)
    assert (old.refunded, rest.refunded) == ((10, 0) if is_rest_paid else (0, 10))
    assert order.events.filter(message="10.00 EUR of the ended payment were taken late.").count() == 1
    assert not Paper.objects.filter(kind="credit note").exists(), "it corrects no invoice"
    assert [one for one in broken_invariants() if not one[0].startswith("I4")] == []


def test_the_rest_of_an_order_that_staff_sent_all_the_same_is_still_due(till: Till, ended: Any) -> None:
    order, _ = ended
    send_nevertheless(order.pk, reason="A regular.", actor=None)
    dispatch_shipment(Shipment.objects.get(order=order, state="open").pk, actor="tests")
    run_jobs()
    assert state_of(order) == "shipped"
    assert ask(order) == REST
    pay_rest(till, order)
    assert [state for state, *_ in states(order)] == ["lapsed", "paid"]
    assert broken_invariants() == []


def test_what_is_no_ended_card_payment_is_not_asked_for(till: Till) -> None:
    order = authorised(till)
    with pytest.raises(NothingToAsk, match="no ended card payment"):
        ask(order)
    held = payment_of(order)
    hold_payment(held, reason="A test.")
    held.save()
    PaymentAttempt.objects.update(disputed_at="2026-01-01T00:00Z")
    with pytest.raises(NothingToAsk, match="no ended card payment"):
        ask(order)
