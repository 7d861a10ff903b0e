"""Paid and refunded orders without a provider: its answers are made up, everything else is written by the shop."""

import itertools
from decimal import Decimal

from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order

from checkout.models import Refund
from checkout.payments.refund import apply_refund, refund_payment
from checkout.payments.settle import apply_truth
from checkout.payments.truth import PaymentTruth, RefundTruth
from tests.shopfloor import attempt_of, make_order, make_product

_serial = itertools.count(1)


def paid_order(*, units: int = 1, thing: Product | None = None) -> Order:
    """As `settle_payment` leaves it; the jobs have not run."""
    order = make_order((thing or make_product(stock=5, price="20.00"), units))
    attempt = attempt_of(order)
    truth = PaymentTruth(
        state="paid",
        amount=attempt.amount,
        currency=attempt.currency,
        order_ref=order.number,
        attempt_ref=str(attempt.pk),
        session_id=f"cs_{order.pk}",
        intent_id=f"pi_{order.pk}",
        captured=attempt.amount,
        refunded=Decimal(0),
        fee=None,
        decline="",
        latest_charge="",
        is_disputed=False,
        capture_before=None,
    )
    apply_truth(attempt.pk, truth)
    return Order.objects.get(pk=order.pk)


def ask_refund(order: Order, amount: str) -> Refund:
    return refund_payment(
        attempt_id=attempt_of(order).pk,
        amount=Decimal(amount),
        key=f"made up:{next(_serial)}",
        reason="A scratch.",
        actor_name="Ann",
    )


def truth_of(refund: Refund) -> RefundTruth:
    """The provider says that it went through."""
    return RefundTruth(
        id=f"re_{refund.pk}",
        intent_id=refund.attempt.intent_id,
        amount=refund.amount,
        currency="EUR",
        state="succeeded",
        refund_ref=str(refund.pk),
        failure="",
    )


def refunded(order: Order, amount: str) -> Refund:
    refund = ask_refund(order, amount)
    return apply_refund(refund.pk, truth_of(refund))
