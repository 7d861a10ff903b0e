"""Cancel what waits of an order because its day slipped: free of charge, the money goes back at once.

An order of which nothing else is left is cancelled as a whole, with its delivery. Otherwise the waiting units go, and
their share of the line is refunded as a part of its own, so that nobody gives it back a second time. Of a payment that is
taken parcel by parcel the share is taken first (see `checkout.payments.due`), so that invoice, credit note and payment tie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from oscar.apps.order.models import Line, Order

from checkout.orders.cancel import CannotCancel, cancel_order, is_unpacked
from checkout.orders.closing import claim_of
from checkout.orders.states import PAID, PARTLY_SHIPPED, SHIPPED, lock_order, move_order
from checkout.orders.timeline import record_event
from checkout.orders.waiting import waiting_lines, waits_still
from checkout.payments.attempts import State, lock_attempt
from checkout.payments.capture import capture_order
from checkout.payments.errors import RefundFrozen, RefundTooLarge
from checkout.payments.holding import FIRM
from checkout.payments.records import PaymentAttempt, Refund
from checkout.refunds.asking import give_parts
from checkout.refunds.parts import Part, RefundWish, open_lines, plan_parts
from inventory.backorders import cancel_waiting
from inventory.models import Backorder
from shipping.fulfilment.models import Shipment
from shop.money import ZERO, format_money
from shop.outbox.publish import publish

REASON = "The promised day slipped; the shopper cancelled."
ASK_US = "Please answer our mail: a person cancels this for you, free of charge."


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units of a line that have not come in."""

    line: Line
    units: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What cancelling would do. `is_whole`: nothing else is in the order, so all of it is cancelled.

    `refusal` says why it cannot be done by itself; "" when it can.
    """

    waiting: tuple[Waiting, ...]
    amount: Decimal
    is_whole: bool
    refusal: str = ""
    parts: tuple[Part, ...] = ()


def plan_withdrawal(order: Order) -> Withdrawal:
    """Reads only. Without anything that waits `waiting` is empty."""
    rows = waiting_lines(order.pk)
    lines = {line.pk: line for line in order.lines.order_by("pk").prefetch_related("parts")}
    if all(_waits_altogether(line, rows.get(pk, ())) for pk, line in lines.items()) and is_unpacked(order):
        whole = tuple(Waiting(line, line.quantity) for line in lines.values())
        return Withdrawal(whole, _left_of(order), is_whole=True)
    refusal = ASK_US if any(lines[pk].parts.all() for pk in rows) else ""
    waiting = tuple(
        Waiting(lines[pk], sum(one.open_units for one in found))
        for pk, found in rows.items()
        if not lines[pk].parts.all()
    )
    return _plan_part(order, waiting, refusal=refusal)


def withdraw_waiting(order: Order) -> Withdrawal:
    """Cancel and refund; what was done. With nothing waiting any more nothing happens. Raises CannotCancel."""
    plan = plan_withdrawal(order)
    if plan.is_whole:
        cancel_order(order.pk, reason=REASON, actor_name="shopper", only_unpacked=True)
        return plan
    try:
        return _withdraw_part(order.pk)
    except (RefundFrozen, RefundTooLarge) as refusal:
        raise CannotCancel(ASK_US) from refusal


@transaction.atomic
def _withdraw_part(order_id: int) -> Withdrawal:
    order = lock_order(order_id)
    plan = plan_withdrawal(order)
    if plan.refusal or (plan.waiting and order.status not in (PAID, PARTLY_SHIPPED)):
        raise CannotCancel(plan.refusal or ASK_US)
    if not plan.waiting:
        return plan
    # Whoever moves a payment holds the lock of its order first, as we do.
    attempt = PaymentAttempt.objects.filter(order=order, state__in=FIRM).first()
    if attempt is None or (attempt.state == State.AUTHORISED and not attempt.captured):
        raise CannotCancel(ASK_US)
    # Units that come in this moment are not cancelled: the plan is made again with those that were given up.
    gone = cancel_waiting(claim_of(order_id), lines=[f"line:{one.line.pk}" for one in plan.waiting])
    waiting = tuple(Waiting(one.line, gone[name]) for one in plan.waiting if (name := f"line:{one.line.pk}") in gone)
    plan = _plan_part(order, waiting)
    for one in waiting:
        record_event(
            order_id=order_id,
            kind="edit",
            message=f"Cancelled: {one.units} × {one.line.title}, which had not come in.",
            reason=REASON,
            actor_name="shopper",
            data={"line": one.line.pk, "units": one.units},
        )
    key = f"withdrawn:{order_id}:{'-'.join(str(one.line.pk) for one in waiting)}"
    if plan.parts and attempt.state == State.AUTHORISED:
        units = [[one.line.pk, one.units] for one in waiting]
        publish("payment.part_withdrawn", {"attempt_id": attempt.pk, "units": units, "key": key}, key=key)
    elif plan.parts:
        give_parts(attempt, plan.parts, amount=plan.amount, key=key, reason=REASON, actor=None, actor_name="shopper")
    if order.status == PARTLY_SHIPPED and not waits_still(order_id) and not _has_open_parcel(order):
        move_order(order, SHIPPED, reason="What had not come in was cancelled.", actor_name="shopper")
    return plan


def give_withdrawn_back(payload: Mapping[str, Any]) -> None:
    """Handler of `payment.part_withdrawn`: the share is taken with this step and goes back at once. Safe to repeat.

    Raises ProviderUnavailable to be called again.
    """
    attempt_id, key = payload["attempt_id"], payload["key"]
    capture_order(PaymentAttempt.objects.values_list("order_id", flat=True).get(pk=attempt_id))
    with transaction.atomic():
        order, attempt = lock_attempt(attempt_id)
        if Refund.objects.filter(key=key).exists():
            return
        lines = {line.pk: line for line in order.lines.all()}
        plan = _plan_part(order, tuple(Waiting(lines[pk], units) for pk, units in payload["units"]))
        if not plan.parts:
            return
        try:
            if attempt.state not in FIRM:
                raise RefundTooLarge("It was never taken: the payment is held for a person.")
            give_parts(
                attempt, plan.parts, amount=plan.amount, key=key, reason=REASON, actor=None, actor_name="shopper"
            )
        except (RefundFrozen, RefundTooLarge) as refusal:
            amount = format_money(plan.amount, attempt.currency)
            record_event(
                order_id=order.pk,
                kind="alert",
                message=f"{amount} of what was cancelled did not go back by itself.",
                reason=str(refusal),
                data={"attempt": attempt.pk},
            )


def _waits_altogether(line: Line, rows: tuple[Backorder, ...] | list[Backorder]) -> bool:
    """Nothing of the line is there yet."""
    each = sum(part.quantity for part in line.parts.all()) or 1
    return sum(row.open_units for row in rows) == line.quantity * each


def _plan_part(order: Order, waiting: tuple[Waiting, ...], *, refusal: str = "") -> Withdrawal:
    parts = _parts_of(order, waiting)
    return Withdrawal(waiting, sum((one.amount for one in parts), ZERO), is_whole=False, refusal=refusal, parts=parts)


def _parts_of(order: Order, waiting: Sequence[Waiting]) -> tuple[Part, ...]:
    """What goes back for the units, without those that staff have given back already."""
    left = {one.line.pk: one.left for one in open_lines(order)}
    units = {one.line.pk: min(one.units, left[one.line.pk]) for one in waiting}
    return tuple(plan_parts(order, RefundWish(units=units))) if any(units.values()) else ()


def _left_of(order: Order) -> Decimal:
    """Of what was paid, or set aside: what has not gone back yet."""
    paid = PaymentAttempt.objects.filter(order=order, state__in=FIRM).first()
    if paid is None:
        return ZERO
    return (paid.amount if paid.state == State.AUTHORISED else paid.captured) - paid.refunded


def _has_open_parcel(order: Order) -> bool:
    return Shipment.objects.filter(order=order, state=Shipment.State.OPEN).exists()
