"""Orders whose time to pay is over: close the payment page first, give the stock back only when that succeeded.

Otherwise a late 3-D Secure success would pay for units that somebody else has already bought.
"""

import logging

from django.db import transaction
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.closing import UNPAID, close_order
from checkout.orders.states import PENDING, lock_order
from checkout.orders.timeline import record_event
from checkout.payments.attempts import LIVE, State, is_time_up, lock_attempt
from checkout.payments.errors import ProviderRefused, ProviderUnavailable
from checkout.payments.providers import gateway_of
from checkout.payments.records import PaymentAttempt
from checkout.payments.settle import apply_truth

logger = logging.getLogger(__name__)
BATCH = 200


def sweep_unpaid_orders() -> dict[str, int]:
    """One round: {"cancelled", "paid", "waiting"}. Safe at any time, twice, and beside itself.

    `waiting` orders could not be decided (the provider is away, or a payment is on its way): the next round asks again.
    """
    found = {"cancelled": 0, "paid": 0, "waiting": 0}
    for order_id in _overdue_orders():
        try:
            found[sweep_order(order_id)] += 1
        except (ProviderUnavailable, ProviderRefused) as problem:
            logger.warning("order %s cannot be swept yet: %s", order_id, problem)
            found["waiting"] += 1
    return found


def _overdue_orders() -> list[int]:
    overdue = Order.objects.filter(status=PENDING, placed__pay_until__lte=Now())
    held = PaymentAttempt.objects.filter(state=State.HELD).values("order_id")
    return list(overdue.exclude(pk__in=held).order_by("placed__pay_until", "pk").values_list("pk", flat=True)[:BATCH])


def sweep_order(order_id: int) -> str:
    """`cancelled`, `paid` or `waiting`. Raises ProviderUnavailable: then nothing was given back."""
    for attempt in PaymentAttempt.objects.filter(order_id=order_id, state__in=(State.CREATED, State.OPEN)):
        close_attempt(attempt.pk)
    return _cancel_if_unpaid(order_id)


def close_attempt(attempt_id: int) -> PaymentAttempt:
    """Make sure that an unfinished attempt cannot be paid any more; it may turn out to be paid.

    An attempt without a session was never shown to anyone: the address is stored before the shopper is sent there, by a
    write that this cancellation excludes.
    """
    with transaction.atomic():
        order, attempt = lock_attempt(attempt_id)
        if attempt.state == State.CREATED:
            attempt.state = State.CANCELLED
            attempt.save(update_fields=["state", "updated_at"])
            record_event(
                order_id=order.pk,
                kind="payment",
                message="The payment was never begun; its attempt is closed.",
                data={"attempt": attempt.pk},
            )
    if attempt.state != State.OPEN:
        return attempt
    return apply_truth(attempt_id, gateway_of(attempt).close_session(attempt.session_id))


def _cancel_if_unpaid(order_id: int) -> str:
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status != PENDING:
            return "cancelled" if order.status == "cancelled" else "paid"
        if (
            not is_time_up(order_id)
            or PaymentAttempt.objects.filter(order=order, state__in=(*LIVE, State.HELD)).exists()
        ):
            return "waiting"
        close_order(order, cause=UNPAID, reason="Not paid in time.", actor_name="sweeper")
        return "cancelled"
