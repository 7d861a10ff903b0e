"""Give money back within one's limit, or ask a second person; approve or decline what somebody else asked for.

Everything is checked and written under the locks of the order and its payment (`lock_attempt`). A request that waits holds
no money: what it may take is checked again when it is approved.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.downloads.given_back import end_given_back
from checkout.orders.timeline import record_event
from checkout.payments.attempts import lock_attempt
from checkout.payments.records import PaymentAttempt, Refund
from checkout.payments.refund import request_refund
from checkout.refunds.parts import NothingChosen, Part, PartTooLarge, RefundWish, open_lines, plan_parts
from checkout.refunds.records import RefundPart, RefundRequest, RefundShare
from checkout.refunds.splitting import Share, left_of, lock_together, share_out
from shop.money import ZERO, format_money

State = RefundRequest.State


class NeedsAnotherPerson(Exception):
    """Whoever asked for a refund cannot approve it."""


class AlreadyDecided(Exception):
    """The request was approved or declined before, by somebody else."""


def ask_refund(
    *, attempt_id: int, wish: RefundWish, key: str, reason: str, actor: Any, limit: Decimal | None
) -> RefundRequest:
    """Give `wish` back at once when the person stays within `limit` for this order (None: no limit), else let it wait.

    What the payment does not hold comes from those that paid the order with it, each as a refund of its own.
    The limit counts everything that the person gave back alone on this order, so that many small refunds are one large
    one. The same key returns the first request. Raises RefundTooLarge, RefundFrozen, PartTooLarge, NothingChosen.
    """
    with transaction.atomic():
        order, attempt = lock_attempt(attempt_id)
        known = RefundRequest.objects.filter(key=key).first()
        if known is not None:
            return known
        payments = lock_together(attempt)
        parts = plan_parts(order, wish)
        sums = [part.amount for part in parts] if parts else [left_of(one) for one in payments]
        amount = sum(sums, ZERO)
        if not amount:
            raise NothingChosen("Nothing of this payment is left to go back.")
        shares = share_out(payments, amount=amount, parts=parts)
        refunds: list[Refund] = []
        is_alone = limit is None or _given_alone(order, actor) + amount <= limit
        request = RefundRequest(
            attempt=shares[0].attempt,
            key=key,
            amount=amount,
            parts=[part.to_json() for part in parts],
            reason=reason[:250],
            state=State.GIVEN if is_alone else State.WAITING,
            asked_by=actor,
            asked_by_name=str(actor),
        )
        if is_alone:
            refunds = _give(request, shares, actor=actor)
        else:
            record_event(
                order_id=order.pk,
                kind="refund",
                message=f"A refund of {format_money(amount, attempt.currency)} waits for a second person.",
                reason=reason,
                actor=actor,
            )
        request.save(force_insert=True)
        _note_shares(request, refunds)
        return request


def approve_refund(request_id: int, *, actor: Any) -> RefundRequest:
    """Agree to somebody else's request; the money moves right after the commit. A repeat by the same person changes nothing.

    Raises NeedsAnotherPerson, AlreadyDecided, and what ask_refund raises when less is left by now.
    """
    with transaction.atomic():
        order, attempt, request = _lock_request(request_id)
        if request.state == State.APPROVED and request.decided_by_id == actor.pk:
            return request
        _check_waiting(request)
        if request.asked_by_id == actor.pk:
            raise NeedsAnotherPerson("You asked for this refund yourself: somebody else has to look at it.")
        parts = [Part.from_json(stored) for stored in request.parts]
        _check_still_open(order, parts)
        refunds = _give(request, share_out(lock_together(attempt), amount=request.amount, parts=parts), actor=actor)
        _decide(request, State.APPROVED, actor=actor, decision="")
        _note_shares(request, refunds)
        return request


def decline_refund(request_id: int, *, reason: str, actor: Any) -> RefundRequest:
    """Refuse a request, or take one's own back. Raises AlreadyDecided."""
    with transaction.atomic():
        order, attempt, request = _lock_request(request_id)
        if request.state == State.DECLINED and request.decided_by_id == actor.pk:
            return request
        _check_waiting(request)
        _decide(request, State.DECLINED, actor=actor, decision=reason)
        record_event(
            order_id=order.pk,
            kind="note",
            message=f"The refund of {format_money(request.amount, attempt.currency)} was declined.",
            reason=reason,
            actor=actor,
        )
        return request


def give_parts(
    attempt: PaymentAttempt,
    parts: Sequence[Part],
    *,
    amount: Decimal,
    key: str,
    reason: str,
    actor: Any,
    actor_name: str = "",
) -> Refund:
    """A refund of a locked payment and what it is for; the downloads of units that go back end with it."""
    refund = request_refund(attempt, amount=amount, key=key, reason=reason, actor=actor, actor_name=actor_name)
    RefundPart.objects.bulk_create(
        RefundPart(refund=refund, kind=part.kind, line_id=part.line, quantity=part.quantity, amount=part.amount)
        for part in parts
    )
    back = {part.line: part.quantity for part in parts if part.line is not None and part.quantity}
    if back:
        left = {one.line.pk: one.left for one in open_lines(attempt.order)}
        end_given_back(
            order_id=attempt.order_id,
            units={line: (units, left[line]) for line, units in back.items()},
            reason=f"Its money goes back: {reason}",
            actor=actor,
        )
    return refund


def _give(request: RefundRequest, shares: Sequence[Share], *, actor: Any) -> list[Refund]:
    """A refund of each payment under the request's key and reason; the request is that of the first."""
    refunds = [
        give_parts(
            share.attempt,
            share.parts,
            amount=share.amount,
            key=f"{request.key}:{number}" if number > 1 else request.key,
            reason=request.reason,
            actor=actor,
        )
        for number, share in enumerate(shares, start=1)
    ]
    request.refund = refunds[0]
    return refunds


def _note_shares(request: RefundRequest, refunds: Sequence[Refund]) -> None:
    RefundShare.objects.bulk_create(RefundShare(request=request, refund=refund) for refund in refunds[1:])


def _given_alone(order: Order, actor: Any) -> Decimal:
    """What this person gave back on this order without a second one; failed refunds do not count."""
    alone = RefundRequest.objects.filter(attempt__order=order, asked_by=actor, state=State.GIVEN)
    given = Refund.objects.filter(Q(request__in=alone) | Q(share__request__in=alone))
    found = given.exclude(state=Refund.State.FAILED).aggregate(total=Sum("amount"))["total"]
    return found or ZERO


def _check_still_open(order: Order, parts: Sequence[Part]) -> None:
    """The same units and delivery as when it was asked for. Raises PartTooLarge."""
    if not parts:
        return
    wish = RefundWish(
        units={part.line: part.quantity for part in parts if part.line is not None},
        delivery=sum((part.amount for part in parts if part.kind == RefundPart.Kind.DELIVERY), ZERO),
        goodwill=sum((part.amount for part in parts if part.kind == RefundPart.Kind.GOODWILL), ZERO),
    )
    if sum(part.amount for part in plan_parts(order, wish)) < sum(part.amount for part in parts):
        raise PartTooLarge("Less of it can go back by now. Decline this, and ask for what is left.")


def _lock_request(request_id: int) -> tuple[Order, PaymentAttempt, RefundRequest]:
    order, attempt = lock_attempt(RefundRequest.objects.values_list("attempt_id", flat=True).get(pk=request_id))
    return order, attempt, RefundRequest.objects.select_for_update(of=("self",)).get(pk=request_id)


def _check_waiting(request: RefundRequest) -> None:
    if request.state != State.WAITING:
        raise AlreadyDecided(f"This request is {request.state}, by {request.decided_by_name or request.asked_by_name}.")


def _decide(request: RefundRequest, state: str, *, actor: Any, decision: str) -> None:
    request.state, request.decision = state, decision[:250]
    request.decided_by, request.decided_by_name, request.decided_at = actor, str(actor), Now()
    request.save(update_fields=["state", "decision", "decided_by", "decided_by_name", "decided_at", "refund"])
