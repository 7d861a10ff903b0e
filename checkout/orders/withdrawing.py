"""Cancel what waits of an order because its day slipped: free of charge, the money goes back at once.

An order of which nothing else is left is cancelled as a whole, with its delivery. Otherwise the waiting units go, and
their share of the line, to the cent, is refunded.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from oscar.apps.order.models import Line, Order

from checkout.orders.cancel import CannotCancel, cancel_order, is_unpacked
from checkout.orders.closing import claim_of
from checkout.orders.states import PAID, PARTLY_SHIPPED, SHIPPED, lock_order, move_order
from checkout.orders.timeline import record_event
from checkout.orders.waiting import waiting_lines, waits_still
from checkout.payments.attempts import State
from checkout.payments.errors import RefundFrozen, RefundTooLarge
from checkout.payments.records import PaymentAttempt
from checkout.payments.refund import request_refund
from inventory.allocation import cancel_allocations
from inventory.models import Allocation, Backorder
from shipping.fulfilment.models import Shipment
from shop.money import ZERO, split_money

REASON = "The promised day slipped; the shopper cancelled."
ASK_US = "Please answer our mail: a person cancels this for you, free of charge."


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units of a line that have not come in, and what goes back for them."""

    line: Line
    units: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What cancelling would do. `is_whole`: nothing else is in the order, so all of it is cancelled.

    `refusal` says why it cannot be done by itself; "" when it can.
    """

    waiting: tuple[Waiting, ...]
    amount: Decimal
    is_whole: bool
    refusal: str = ""


def plan_withdrawal(order: Order) -> Withdrawal:
    """Reads only. Without anything that waits `waiting` is empty."""
    rows = waiting_lines(order.pk)
    lines = {line.pk: line for line in order.lines.order_by("pk").prefetch_related("parts")}
    if all(_waits_altogether(line, rows.get(pk, ())) for pk, line in lines.items()) and is_unpacked(order):
        whole = tuple(Waiting(line, line.quantity, line.line_price_incl_tax) for line in lines.values())
        return Withdrawal(whole, _left_of(order), is_whole=True)
    refusal = ASK_US if any(lines[pk].parts.all() for pk in rows) else ""
    waiting = tuple(_share(lines[pk], rows[pk], order.currency) for pk in rows if not lines[pk].parts.all())
    return Withdrawal(waiting, sum((one.amount for one in waiting), ZERO), is_whole=False, refusal=refusal)


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
    attempts = PaymentAttempt.objects.select_for_update(of=("self",), no_key=True).filter(order=order, state=State.PAID)
    attempt = attempts.first()
    if attempt is None:
        raise CannotCancel(ASK_US)
    for one in plan.waiting:
        gone = cancel_allocations(claim_of(order_id), line=f"line:{one.line.pk}", quantity=one.units)
        record_event(
            order_id=order_id,
            kind="edit",
            message=f"Cancelled: {gone} × {one.line.title}, which had not come in.",
            reason=REASON,
            actor_name="shopper",
            data={"line": one.line.pk, "units": gone},
        )
    if plan.amount:
        key = "withdrawn:" + ",".join(f"{one.line.pk}x{one.units}" for one in plan.waiting) + f":{_times(order_id)}"
        request_refund(attempt, amount=plan.amount, key=key, reason=REASON, actor_name="shopper")
    if order.status == PARTLY_SHIPPED and not waits_still(order_id) and not _has_open_parcel(order):
        move_order(order, SHIPPED, reason="What had not come in was cancelled.", actor_name="shopper")
    return plan


def _waits_altogether(line: Line, rows: tuple[Backorder, ...] | list[Backorder]) -> bool:
    """Nothing of the line is there yet."""
    each = sum(part.quantity for part in line.parts.all()) or 1
    return sum(row.open_units for row in rows) == line.quantity * each


def _share(line: Line, rows: list[Backorder], currency: str) -> Waiting:
    """The last units of the line, before them those that were cancelled earlier: the shares of all sum to the line."""
    units, cancelled = sum(row.open_units for row in rows), sum(row.cancelled for row in rows)
    shares = split_money(line.line_price_incl_tax, [Decimal(1)] * line.quantity, currency)
    end = line.quantity - cancelled
    return Waiting(line, units, sum(shares[end - units : end], ZERO))


def _times(order_id: int) -> int:
    """How often units of this order were given up before: a number that makes each refund's key its own."""
    gone = Allocation.objects.filter(claim=claim_of(order_id), cancelled__gt=0).count()
    return gone + sum(Backorder.objects.filter(claim=claim_of(order_id)).values_list("cancelled", flat=True))


def _left_of(order: Order) -> Decimal:
    """Of what was paid: what has not gone back yet."""
    paid = PaymentAttempt.objects.filter(order=order, state=State.PAID).first()
    return paid.captured - paid.refunded if paid is not None else ZERO


def _has_open_parcel(order: Order) -> bool:
    return Shipment.objects.filter(order=order, state=Shipment.State.OPEN).exists()
