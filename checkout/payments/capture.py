"""Take authorised money when the first parcel leaves; let it go when no parcel will.

Stripe captures a card payment once (more needs multicapture, which few accounts have), so the first dispatch captures
the whole sum; what is cancelled afterwards is refunded. https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
"""

from django.db import transaction

from checkout.payments.attempts import State, lock_attempt, new_idempotency_key
from checkout.payments.errors import ProviderFailed, ProviderRefused, ProviderUnavailable
from checkout.payments.holding import hold_payment
from checkout.payments.providers import gateway_of
from checkout.payments.records import PaymentAttempt
from checkout.payments.settle import settle_payment


def capture_order(order_id: int) -> PaymentAttempt | None:
    """Capture the order's authorised payment; None when there is none. Raises ProviderUnavailable to be called again.

    The provider takes an authorisation once, whatever the key, so each call uses a fresh one and a remembered failure
    cannot stand in the way.
    """
    attempt = PaymentAttempt.objects.filter(order_id=order_id, state=State.AUTHORISED).first()
    if attempt is None:
        return None
    try:
        gateway_of(attempt).capture(
            intent_id=attempt.intent_id,
            amount=attempt.amount,
            currency=attempt.currency,
            key=new_idempotency_key(),
        )
    except ProviderRefused as refusal:
        return _settle_or_hold(attempt.pk, why=f"The money could not be taken: {refusal}")
    except ProviderFailed as failure:
        attempt = settle_payment(attempt.pk)
        if attempt.state == State.AUTHORISED:
            raise ProviderUnavailable(str(failure)) from failure
        return attempt
    return settle_payment(attempt.pk)


def release_payment(attempt_id: int) -> PaymentAttempt:
    """Let go of an authorised sum of a cancelled order."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    if attempt.state != State.AUTHORISED:
        return attempt
    try:
        gateway_of(attempt).release(intent_id=attempt.intent_id, key=new_idempotency_key())
    except ProviderRefused as refusal:
        return _settle_or_hold(attempt.pk, why=f"The authorisation could not be let go: {refusal}")
    return settle_payment(attempt.pk)


def _settle_or_hold(attempt_id: int, *, why: str) -> PaymentAttempt:
    """A refusal may mean that it is done already; when it is not, a person has to look."""
    attempt = settle_payment(attempt_id)
    if attempt.state != State.AUTHORISED:
        return attempt
    with transaction.atomic():
        _, attempt = lock_attempt(attempt_id)
        if attempt.state == State.AUTHORISED:
            hold_payment(attempt, reason=why)
            attempt.save()
    return attempt
