"""The one function that turns what the provider says into the state of a payment and its order.

Browser return, webhook, sweeper, reconciliation and staff all come here: five times, at once, in any order. The truth is
fetched before any lock, then order and attempt are locked and moved forward only.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.claims import list_demands
from checkout.orders.closing import SOLD_OUT, claim_of, close_order
from checkout.orders.records import PlacedOrder
from checkout.orders.states import CANCELLED, PAID, PENDING, move_order
from checkout.orders.timeline import record_event
from checkout.payments.attempts import LIVE, UNFINISHED, State, lock_attempt, taken_before
from checkout.payments.declines import explain_decline
from checkout.payments.giving_back import give_back
from checkout.payments.holding import hold_payment
from checkout.payments.providers import gateway_of
from checkout.payments.records import PaymentAttempt
from checkout.payments.rest import accept_rest, note_late_part
from checkout.payments.truth import PaymentTruth
from checkout.shield.noting import note_declined, note_paid
from inventory.allocation import allocate
from inventory.shortage import InsufficientStock
from shop.money import ZERO, format_money
from shop.outbox.publish import publish

PROVIDER = "payment provider"


def settle_payment(attempt_id: int) -> PaymentAttempt:
    """Ask the provider and apply its answer; the attempt as it is afterwards.

    Raises ProviderUnavailable; then nothing has changed and any later call makes up for it.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    if attempt.amount == 0:
        return apply_truth(attempt_id, _nothing_to_pay(attempt))
    if not attempt.session_id:
        return attempt
    return apply_truth(attempt_id, gateway_of(attempt).fetch_payment(attempt.session_id))


@transaction.atomic
def apply_truth(attempt_id: int, truth: PaymentTruth) -> PaymentAttempt:
    """Under the locks; idempotent and forward only, so that an older truth applied late changes nothing back."""
    order, attempt = lock_attempt(attempt_id)
    _remember(attempt, truth)
    if attempt.state in (State.HELD, State.LAPSED):
        note_late_part(attempt, truth)
    elif attempt.state == State.CANCELLED and truth.is_given_back:
        pass
    elif truth.state in ("paid", "authorised"):
        difference = _find_difference(order, attempt, truth)
        if difference:
            hold_payment(attempt, reason=difference)
        else:
            _accept(order, attempt, truth)
    elif truth.state == "cancelled":
        _close(order, attempt, truth)
    attempt.save()
    return attempt


def _remember(attempt: PaymentAttempt, truth: PaymentTruth) -> None:
    attempt.intent_id = truth.intent_id or attempt.intent_id
    attempt.takes_parts = truth.takes_parts or attempt.takes_parts
    attempt.fee = truth.fee if truth.fee is not None else attempt.fee
    attempt.capture_before = truth.capture_before if truth.state == "authorised" else None
    if truth.decline and truth.latest_charge:
        note_declined(attempt.order, charge=truth.latest_charge, card=truth.card, attempt_id=attempt.pk)
    if truth.decline and truth.decline != attempt.last_decline:
        attempt.last_decline = truth.decline
        record_event(
            order_id=attempt.order_id,
            kind="payment",
            message=f"The bank refused: {explain_decline(truth.decline)}",
            actor_name=PROVIDER,
            data={"attempt": attempt.pk, "decline": truth.decline, "charge": truth.latest_charge},
        )


def _find_difference(order: Order, attempt: PaymentAttempt, truth: PaymentTruth) -> str:
    """What the provider holds against what the order says; "" when they agree."""
    asked = f"{attempt.amount} {attempt.currency}"
    if truth.order_ref != order.number:
        return f"The payment names order {truth.order_ref or '(none)'}, not {order.number}."
    if truth.currency != attempt.currency:
        return f"Paid in {truth.currency} instead of {asked}."
    taken = truth.captured if truth.state == "paid" else truth.amount
    before = taken_before(order, without=attempt.pk)
    together = attempt.amount + before
    # What is over, because more was taken of an ended payment meanwhile, goes back by itself.
    is_whole = together >= order.total_incl_tax if before else together == order.total_incl_tax
    if taken != attempt.amount or not is_whole or attempt.currency != order.currency:
        attempt.captured = max(attempt.captured, min(truth.captured, attempt.amount))
        return (
            f"The provider holds {taken} {truth.currency}, the payment asked for {asked},"
            f" the order comes to {order.total_incl_tax} {order.currency}."
        )
    return ""


def _accept(order: Order, attempt: PaymentAttempt, truth: PaymentTruth) -> None:
    was = attempt.state
    now = State.PAID if truth.state == "paid" else State.AUTHORISED
    if was == now == State.AUTHORISED:
        _note_part(attempt, truth)
    if was == now or was == State.PAID:
        return
    if PaymentAttempt.objects.filter(order=order, state__in=LIVE).exclude(pk=attempt.pk).exists():
        attempt.captured = truth.captured
        hold_payment(attempt, reason="Another payment for the same order is alive: the shopper may have paid twice.")
        return
    attempt.state = now
    attempt.captured = truth.captured
    attempt.save(update_fields=["state", "captured", "intent_id", "updated_at"])
    record_event(
        order_id=order.pk,
        kind="payment",
        message=f"{'Paid' if now == State.PAID else 'Authorised'}: {format_money(attempt.amount, attempt.currency)}.",
        actor_name=PROVIDER,
        data={"attempt": attempt.pk, "intent": truth.intent_id, "fee": str(truth.fee) if truth.fee is not None else ""},
    )
    note_paid(order, card=truth.card)
    if order.status == PENDING:
        _fill(order, attempt)
    elif accept_rest(order, attempt):
        pass
    elif was != State.AUTHORISED or order.status == CANCELLED:
        # What was only set aside may be taken at the provider's own pages before our letting go arrives there.
        give_back(
            attempt,
            key=f"order:{order.pk}:late",
            reason=f"The payment arrived after the order was {order.status}.",
        )


def _note_part(attempt: PaymentAttempt, truth: PaymentTruth) -> None:
    """More of the sum was taken; the rest is still set aside."""
    if truth.captured <= attempt.captured:
        return
    taken, left = truth.captured - attempt.captured, attempt.amount - truth.captured
    attempt.captured = truth.captured
    record_event(
        order_id=attempt.order_id,
        kind="payment",
        message=f"Charged: {format_money(taken, attempt.currency)}; {format_money(left, attempt.currency)} are still set aside.",
        actor_name=PROVIDER,
        data={"attempt": attempt.pk},
    )


def _fill(order: Order, attempt: PaymentAttempt) -> None:
    """The reservation becomes allocations. When it ran out and the units are gone, the money goes back by itself."""
    demands = list_demands(order)
    address = order.shipping_address
    country, postcode = (address.country_id, address.postcode) if address else ("", "")
    try:
        with transaction.atomic():
            allocate(claim=claim_of(order.pk), lines=demands, ship_country=country, ship_postcode=postcode)
    except InsufficientStock as shortage:
        close_order(order, cause=SOLD_OUT, reason=str(shortage), actor_name="shop")
        give_back(attempt, key=f"order:{order.pk}:sold-out", reason=f"Sold out before the payment came. {shortage}")
        return
    move_order(order, PAID, reason="The provider confirms the payment.", actor_name=PROVIDER)
    PlacedOrder.objects.filter(order=order, paid_at__isnull=True).update(paid_at=Now())
    publish("order.paid", {"order_id": order.pk}, key=f"order.paid:{order.pk}")


def _close(order: Order, attempt: PaymentAttempt, truth: PaymentTruth) -> None:
    """The provider says that nothing will come of it."""
    if attempt.state == State.AUTHORISED and order.status != CANCELLED:
        hold_payment(attempt, reason="The authorisation lapsed or was cancelled before the money was taken.")
    elif attempt.state in (*UNFINISHED, State.AUTHORISED):
        was_held = attempt.state == State.AUTHORISED
        attempt.state = State.CANCELLED
        attempt.captured = max(attempt.captured, truth.captured)
        attempt.save(update_fields=["state", "captured", "updated_at"])
        record_event(
            order_id=attempt.order_id,
            kind="payment",
            message="The held sum was let go." if was_held else "The payment page was closed without a payment.",
            actor_name=PROVIDER,
            data={"attempt": attempt.pk},
        )
        give_back(attempt, key=f"attempt:{attempt.pk}:part", reason="A part had been taken before the rest was let go.")


def _nothing_to_pay(attempt: PaymentAttempt) -> PaymentTruth:
    """An order that vouchers paid in full: true by arithmetic, there is no provider to ask."""
    return PaymentTruth(
        state="paid",
        amount=Decimal(0),
        currency=attempt.currency,
        order_ref=attempt.order.number,
        attempt_ref=str(attempt.pk),
        session_id="",
        intent_id="",
        captured=ZERO,
        refunded=ZERO,
        fee=None,
        decline="",
        latest_charge="",
        is_disputed=False,
        capture_before=None,
    )
