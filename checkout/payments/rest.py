"""The rest of an order whose authorisation ended before all of it had left: asked for by a link, then the hold is lifted.

What was taken of the ended payment stays; the rest is a payment of its own, opened when the shopper follows the link, and
taken at once, for its goods are ready or promised. Nobody pays twice: the old authorisation is let go at the provider
before anything is asked, and what of it arrives late all the same goes back by itself.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.states import PAID, PARTLY_SHIPPED, SHIPPED
from checkout.orders.timeline import record_event
from checkout.payments.attempts import (
    LIVE,
    State,
    asked_for_rest,
    lock_attempt,
    new_idempotency_key,
    taken_before,
)
from checkout.payments.errors import ProviderRefused, RefundFrozen
from checkout.payments.providers import gateway_of
from checkout.payments.records import PaymentAttempt
from checkout.payments.refund import request_refund
from checkout.payments.truth import PaymentTruth
from shipping.fulfilment.stopping import resume_parcels
from shop.audit.record import record_action
from shop.money import ZERO, format_money
from shop.outbox.publish import publish

OWING = (PAID, PARTLY_SHIPPED, SHIPPED)
PROVIDER = "payment provider"


class NothingToAsk(Exception):
    """The rest of this order cannot be asked for. The message is for the person at the desk; nothing was written."""


def rest_of(order: Order) -> PaymentAttempt | None:
    """The held card payment of which a part was not taken, when nothing else pays the order."""
    if order.status not in OWING or PaymentAttempt.objects.filter(order=order, state__in=LIVE).exists():
        return None
    held = PaymentAttempt.objects.filter(order=order, state=State.HELD, provider=PaymentAttempt.Provider.CARD)
    found = held.order_by("-pk").first()
    return found if found is not None and found.captured < found.amount and found.disputed_at is None else None


def can_ask(order: Order) -> bool:
    held = rest_of(order)
    return held is not None and held.rest_asked_at is None


def ask_for_rest(order_id: int, *, reason: str, actor: Any) -> Decimal:
    """Mail the shopper a link to pay what was not taken; the sum, or 0 when all of it was taken meanwhile.

    Then the hold is lifted at once. A repeat asks once. Audited. Raises NothingToAsk, and ProviderUnavailable: then
    nothing has changed here.
    """
    order = Order.objects.get(pk=order_id)
    held = rest_of(order)
    if held is None:
        known = asked_for_rest(order_id)
        if known is None:
            raise NothingToAsk(f"Order {order.number} has no ended card payment of which a part is still due.")
        return order.total_incl_tax - taken_before(order)
    truth = _end_authorisation(held)
    with transaction.atomic():
        order, held = lock_attempt(held.pk)
        if rest_of(order) != held:
            raise NothingToAsk(f"Somebody else has just looked after the payment of order {order.number}.")
        held.captured = max(held.captured, min(truth.captured, held.amount))
        rest = order.total_incl_tax - held.captured
        if rest <= ZERO:
            _lift(order, held, now=State.PAID, message="All of it had been taken; the hold is lifted.", actor=actor)
            return ZERO
        is_new = held.rest_asked_at is None
        if is_new:
            PaymentAttempt.objects.filter(pk=held.pk).update(captured=held.captured, rest_asked_at=Now())
            amount = format_money(rest, order.currency)
            record_event(
                order_id=order.pk,
                kind="payment",
                message=f"{amount} are still to be paid; a link to pay them is mailed.",
                reason=reason,
                actor=actor,
                data={"attempt": held.pk},
            )
            record_action(
                action="ask for rest", subject_type="order", subject_id=order.pk, actor=actor, reason=reason,
                after={"rest": str(rest), "currency": order.currency},
            )  # fmt: skip
            publish("payment.rest_asked", {"order_id": order.pk}, key=f"payment.rest_asked:{held.pk}")
    return rest


def accept_rest(order: Order, attempt: PaymentAttempt) -> bool:
    """The locked payment is the rest of a locked order: the hold is lifted. False when none was asked for."""
    held = asked_for_rest(order.pk)
    if held is None or order.status not in OWING:
        return False
    over = attempt.amount + taken_before(order) - order.total_incl_tax
    _lift(order, held, now=State.LAPSED, message="The rest is paid; the hold is lifted.")
    if over > ZERO:
        _send_back(attempt, over, reason="A part of it had been taken meanwhile.")
    return True


def note_late_part(attempt: PaymentAttempt, truth: PaymentTruth) -> None:
    """More was taken of a payment whose rest was asked for: once that rest is paid, it goes back by itself.

    The caller has locked the payment, and saves it.
    """
    more = min(truth.captured, attempt.amount) - attempt.captured
    is_ours = truth.order_ref == attempt.order.number and truth.currency == attempt.currency
    if attempt.rest_asked_at is None or not is_ours or more <= ZERO:
        return
    attempt.captured += more
    attempt.save(update_fields=["captured", "updated_at"])
    record_event(
        order_id=attempt.order_id,
        kind="alert",
        message=f"{format_money(more, attempt.currency)} of the ended payment were taken late.",
        actor_name=PROVIDER,
        data={"attempt": attempt.pk},
    )
    if attempt.state == State.LAPSED:
        _send_back(attempt, more, reason="The rest had been paid anew by then.")


def _end_authorisation(held: PaymentAttempt) -> PaymentTruth:
    """What the provider says when nothing more can be taken of it. No lock is held."""
    gateway = gateway_of(held)
    truth = gateway.fetch_payment(held.session_id)
    if truth.state == "authorised":
        try:
            gateway.release(intent_id=held.intent_id, key=new_idempotency_key())
        except ProviderRefused:
            pass  # It is over already, or the next look says that it is not.
        truth = gateway.fetch_payment(held.session_id)
    if truth.state not in ("cancelled", "paid"):
        raise NothingToAsk(f"The provider says that this payment is {truth.state}: something of it may still be taken.")
    return truth


def _lift(order: Order, held: PaymentAttempt, *, now: str, message: str, actor: Any = None) -> None:
    held.state = now
    held.save(update_fields=["state", "captured", "updated_at"])
    opened = len(resume_parcels(order.pk))
    parcels = f" {opened} {'parcel' if opened == 1 else 'parcels'} to pack." if opened else ""
    record_event(
        order_id=order.pk,
        kind="payment",
        message=f"{message}{parcels}",
        actor=actor,
        actor_name="" if actor is not None else PROVIDER,
        data={"attempt": held.pk},
    )


def _send_back(attempt: PaymentAttempt, amount: Decimal, *, reason: str) -> None:
    try:
        request_refund(
            attempt,
            amount=amount,
            key=f"attempt:{attempt.pk}:twice:{attempt.captured}",
            reason=reason,
            actor_name="shop",
        )
    except RefundFrozen as frozen:
        record_event(
            order_id=attempt.order_id, kind="alert", message="What was paid twice did not go back.", reason=str(frozen)
        )
