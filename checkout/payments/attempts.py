"""Payment attempts: at most one alive per order, locked after its order."""

import uuid
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.records import PlacedOrder
from checkout.orders.states import PENDING, lock_order
from checkout.payments.element.scripts import is_offered
from checkout.payments.errors import PaymentNotPossible
from checkout.payments.records import PaymentAttempt
from shop.money import ZERO

State = PaymentAttempt.State
LIVE = (State.CREATED, State.OPEN, State.AUTHORISED, State.PAID)
UNFINISHED = (State.CREATED, State.OPEN)


def new_idempotency_key() -> str:
    return str(uuid.uuid4())


def lock_attempt(attempt_id: int) -> tuple[Order, PaymentAttempt]:
    """Both rows locked, the order first. Must run inside a transaction."""
    order = lock_order(PaymentAttempt.objects.values_list("order_id", flat=True).get(pk=attempt_id))
    attempt = PaymentAttempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt_id)
    attempt.order = order
    return order, attempt


def pays_on_our_page(provider: str) -> bool:
    """Whether a new payment is made for the card fields on our page. A stored choice: a repeat asks for the same."""
    return provider == PaymentAttempt.Provider.CARD and is_offered()


def asked_for_rest(order_id: int) -> PaymentAttempt | None:
    """The held payment of which the shopper was asked to pay the rest (see `checkout.payments.rest`)."""
    held = PaymentAttempt.objects.filter(order_id=order_id, state=State.HELD, rest_asked_at__isnull=False)
    return held.order_by("-pk").first()


def taken_before(order: Order, *, without: int = 0) -> Decimal:
    """What ended payments of an order hold of it, of which the rest was asked for or has been paid since."""
    ended = PaymentAttempt.objects.filter(order=order, rest_asked_at__isnull=False).exclude(pk=without)
    taken: Decimal | None = ended.filter(state__in=(State.HELD, State.LAPSED)).aggregate(sum=Sum("captured"))["sum"]
    return taken or ZERO


def _new_rest(order: Order, *, is_hosted: bool) -> PaymentAttempt:
    return PaymentAttempt.objects.create(
        order=order,
        is_embedded=pays_on_our_page(PaymentAttempt.Provider.CARD) and not is_hosted,
        idempotency_key=new_idempotency_key(),
        amount=order.total_incl_tax - taken_before(order),
        currency=order.currency,
    )


def is_time_up(order_id: int) -> bool:
    """Whether the database's clock has passed the order's `pay_until`."""
    return PlacedOrder.objects.filter(order_id=order_id, pay_until__lte=Now()).exists()


def ensure_attempt(order_id: int, *, is_hosted: bool = False) -> PaymentAttempt:
    """The live attempt of an unpaid order, or a new one when the last was cancelled or expired.

    `is_hosted`: a new one goes to the provider's own page. Raises PaymentNotPossible with a sentence for the shopper.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status != PENDING:
            if asked_for_rest(order_id) is None:
                raise PaymentNotPossible(f"Order {order.number} is {order.status}; there is nothing to pay.")
            known_rest = PaymentAttempt.objects.filter(order=order, state__in=LIVE).first()
            return known_rest or _new_rest(order, is_hosted=is_hosted)
        attempts = list(PaymentAttempt.objects.filter(order=order).order_by("pk"))
        if any(one.state == State.HELD for one in attempts):
            raise PaymentNotPossible(
                "We are looking at a payment for this order. You need not pay again; we will write to you."
            )
        for known in attempts:
            if known.state in LIVE:
                return known
        if is_time_up(order_id):
            raise PaymentNotPossible("The time to pay for this order is over. Nothing was charged; please order again.")
        provider = attempts[-1].provider if attempts else PaymentAttempt.Provider.CARD
        return PaymentAttempt.objects.create(
            order=order,
            provider=provider,
            is_embedded=pays_on_our_page(provider) and not is_hosted,
            idempotency_key=new_idempotency_key(),
            amount=order.total_incl_tax,
            currency=order.currency,
        )
