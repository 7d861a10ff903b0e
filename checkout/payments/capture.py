"""Take authorised money as parcels leave; let it go when none will.

A card payment is captured once, and then whole with the first parcel, unless the provider says that it takes parts: then
each parcel charges what is in it, and only the last step is final. Each step is a row with a stored key and a target, one
at a time, so that a repeat, a race or a lost answer takes nothing twice.
https://docs.stripe.com/payments/multicapture, https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
"""

from django.db import transaction

from checkout.payments.attempts import State, lock_attempt, new_idempotency_key
from checkout.payments.due import sum_due
from checkout.payments.errors import ProviderFailed, ProviderRefused, ProviderUnavailable
from checkout.payments.holding import hold_payment
from checkout.payments.providers import gateway_of
from checkout.payments.records import Capture, PaymentAttempt
from checkout.payments.settle import apply_truth, settle_payment

# A step that was begun before, the one that is due now, and one that became due meanwhile.
STEPS = 3


def capture_order(order_id: int) -> PaymentAttempt | None:
    """Take what is due of the order's authorised payment; None when there is none. Safe to repeat.

    Raises ProviderUnavailable to be called again.
    """
    attempt = PaymentAttempt.objects.filter(order_id=order_id, state=State.AUTHORISED).first()
    for _ in range(STEPS if attempt is not None else 0):
        step = _plan_step(attempt.pk)  # type: ignore[union-attr]
        if step is None:
            break
        attempt = _take_step(step)
    return attempt


@transaction.atomic
def _plan_step(attempt_id: int) -> Capture | None:
    """The step that was begun and not finished, else a new one for what is due; None when nothing is."""
    order, attempt = lock_attempt(attempt_id)
    if attempt.state != State.AUTHORISED:
        return None
    begun = Capture.objects.filter(attempt=attempt, state=Capture.State.REQUESTED).first()
    if begun is not None:
        return begun
    due = sum_due(order, attempt)
    if due.amount <= attempt.captured:
        return None
    return Capture.objects.create(
        attempt=attempt,
        idempotency_key=new_idempotency_key(),
        amount=due.amount - attempt.captured,
        target=due.amount,
        is_final=due.is_all,
    )


def _take_step(step: Capture) -> PaymentAttempt:
    """Ask the provider to take it, unless it has; the payment afterwards."""
    gateway = gateway_of(step.attempt)
    truth = gateway.fetch_payment(step.attempt.session_id)
    if truth.state == "authorised" and truth.captured == step.target - step.amount:
        try:
            gateway.capture(
                intent_id=step.attempt.intent_id,
                amount=step.amount,
                currency=step.attempt.currency,
                key=step.idempotency_key,
                is_final=step.is_final,
            )
        except ProviderRefused as refusal:
            return _end_step(
                step, _settle_or_hold(step.attempt_id, step=step, why=f"The money could not be taken: {refusal}")
            )
        except ProviderFailed as failure:
            # The answer is remembered under the key. Nothing was taken, or the look below finds it.
            _renew_key(step)
            attempt = settle_payment(step.attempt_id)
            if attempt.state == State.AUTHORISED and attempt.captured < step.target:
                raise ProviderUnavailable(str(failure)) from failure
            return _end_step(step, attempt)
        truth = gateway.fetch_payment(step.attempt.session_id)
    return _end_step(step, apply_truth(step.attempt_id, truth))


def _end_step(step: Capture, attempt: PaymentAttempt) -> PaymentAttempt:
    """Taken, or dropped when somebody took another sum meanwhile: the next plan starts from what is true."""
    is_taken = attempt.state in (State.AUTHORISED, State.PAID) and attempt.captured >= step.target
    Capture.objects.filter(pk=step.pk, state=Capture.State.REQUESTED).update(
        state=Capture.State.TAKEN if is_taken else Capture.State.DROPPED
    )
    return attempt


def _renew_key(step: Capture) -> None:
    Capture.objects.filter(pk=step.pk, state=Capture.State.REQUESTED, idempotency_key=step.idempotency_key).update(
        idempotency_key=new_idempotency_key()
    )


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


def _settle_or_hold(attempt_id: int, *, why: str, step: Capture | None = None) -> PaymentAttempt:
    """A refusal may mean that it is done already; when it is not, a person has to look."""
    attempt = settle_payment(attempt_id)
    if attempt.state != State.AUTHORISED or (step is not None and attempt.captured >= step.target):
        return attempt
    with transaction.atomic():
        _, attempt = lock_attempt(attempt_id)
        if attempt.state == State.AUTHORISED:
            hold_payment(attempt, reason=why)
            attempt.save()
    return attempt
