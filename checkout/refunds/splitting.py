"""One refund of an order that several payments paid together: each gives at most what it still holds.

That happens when an authorisation ended with a part taken and the rest was paid anew (`checkout.payments.rest`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from checkout.payments.attempts import State, lock_attempt
from checkout.payments.errors import RefundTooLarge
from checkout.payments.records import PaymentAttempt
from checkout.payments.refund import check_refundable
from checkout.refunds.parts import Part
from shop.money import ZERO, format_money

_TOGETHER = Q(state__in=(State.PAID, State.AUTHORISED, State.LAPSED)) | Q(state=State.HELD, rest_asked_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Share:
    """What one payment gives. `parts` sum to `amount`, unless there are none."""

    attempt: PaymentAttempt
    amount: Decimal
    parts: tuple[Part, ...]


def left_of(payment: PaymentAttempt) -> Decimal:
    return payment.captured - payment.refunded


def paid_together(attempt: PaymentAttempt) -> list[PaymentAttempt]:
    """The payments that pay the order of `attempt` with it, and can give something; the one with most left first.

    When none can give, the one that holds most: it knows why not. What is disputed is left out while another can give.
    """
    is_one_of_many = attempt.state != State.HELD or attempt.rest_asked_at is not None
    others = PaymentAttempt.objects.filter(_TOGETHER, order=attempt.order_id).exclude(pk=attempt.pk)
    found = sorted([attempt, *(others if is_one_of_many else ())], key=lambda one: (-left_of(one), -one.pk))
    return [one for one in found if one.disputed_at is None and left_of(one) > ZERO] or found[:1]


def lock_together(attempt: PaymentAttempt) -> list[PaymentAttempt]:
    """`paid_together` of a locked payment, all locked: their order is, by the caller."""
    return [one if one.pk == attempt.pk else lock_attempt(one.pk)[1] for one in paid_together(attempt)]


def share_out(payments: Sequence[PaymentAttempt], *, amount: Decimal, parts: Sequence[Part]) -> list[Share]:
    """`amount` over locked payments in their turn, as few as can be. Raises RefundTooLarge, RefundFrozen or ValueError."""
    if len(payments) == 1:
        check_refundable(payments[0], amount)
    left = sum((left_of(one) for one in payments), ZERO)
    if amount > left:
        currency = payments[0].currency
        raise RefundTooLarge(
            f"{format_money(left, currency)} of these payments can still be refunded,"
            f" not {format_money(amount, currency)}."
        )
    shares, waiting = [], list(parts)
    for payment in payments:
        gives = min(left_of(payment), amount)
        if gives > ZERO:
            shares.append(Share(payment, gives, _take(waiting, gives)))
            amount -= gives
    return shares


def _take(waiting: list[Part], room: Decimal) -> tuple[Part, ...]:
    """Parts of `waiting` that come to `room`, taken out of it. A cut part counts its units where it begins."""
    taken = []
    while waiting and room > ZERO:
        part = waiting[0]
        piece = min(part.amount, room)
        taken.append(replace(part, amount=piece))
        room -= piece
        if piece == part.amount:
            waiting.pop(0)
        else:
            waiting[0] = replace(part, amount=part.amount - piece, quantity=0)
    return tuple(taken)
