"""How much of an order may be charged by now: what has left the house, to the cent."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum
from oscar.apps.order.models import Order

from checkout.orders.closing import claim_of
from checkout.payments.records import PaymentAttempt
from inventory.models import Allocation, Backorder
from shipping.fulfilment.models import Shipment, ShipmentLine
from shop.money import ZERO, round_money


@dataclass(frozen=True, slots=True)
class Due:
    """`amount` of the payment in all, `is_all` when nothing is left to be sent."""

    amount: Decimal
    is_all: bool


def sum_due(order: Order, attempt: PaymentAttempt) -> Due:
    """Of each line the share of its units that left, the delivery with the first parcel, the rest with the last.

    Shares are rounded as running totals, so that the steps sum to the payment. Units that have to come in, or have come
    in and are in no parcel yet, stay set aside. Units that were cancelled are due with what left: whoever cancelled them
    gives their money back as a part of its own, as of a payment that was taken whole. A line of which nothing travels was
    delivered otherwise. A payment that is taken in one step is due as a whole with the first parcel.
    """
    units = _units_by_line(order)
    if not attempt.takes_parts or not any(wanted > done for done, wanted in units.values()):
        return Due(attempt.amount, is_all=True)
    due = order.shipping_incl_tax
    for line_id, gross in order.lines.values_list("pk", "line_price_incl_tax"):
        done, wanted = units.get(line_id, (1, 1))
        due += round_money(gross * done / wanted, attempt.currency)
    return Due(min(max(due, ZERO), attempt.amount), is_all=False)


def _units_by_line(order: Order) -> dict[int, tuple[int, int]]:
    """How many units of a line left or were cancelled, and how many there are; of a kit the units of its parts.

    Of tracked stock what was allocated and what has to come in first; of other things what is, or was, in a parcel.
    """
    claim, state = claim_of(order.pk), Shipment.State
    counts: dict[int, tuple[int, int]] = {}
    allocated = Allocation.objects.filter(claim=claim).order_by().values_list("line")
    waiting = Backorder.objects.filter(claim=claim).order_by().values_list("line")
    # Of a backorder the filled units are allocations.
    for rows in (
        allocated.annotate(done=Sum(F("dispatched") + F("cancelled")), wanted=Sum("quantity")),
        waiting.annotate(done=Sum("cancelled"), wanted=Sum(F("quantity") - F("filled"))),
    ):
        for name, done, wanted in rows:
            _add(counts, int(name.removeprefix("line:")), done, wanted)
    untracked = ShipmentLine.objects.filter(
        shipment__order=order, allocation__isnull=True, shipment__state__in=(state.OPEN, state.DISPATCHED)
    )
    for line_id, done, wanted in (
        untracked.order_by()
        .values_list("order_line_id")
        .annotate(done=Sum("quantity", filter=Q(shipment__state=state.DISPATCHED), default=0), wanted=Sum("quantity"))
    ):
        _add(counts, line_id, done, wanted)
    return {line_id: (done, wanted) for line_id, (done, wanted) in counts.items() if wanted}


def _add(counts: dict[int, tuple[int, int]], line_id: int, done: int, wanted: int) -> None:
    before = counts.get(line_id, (0, 0))
    counts[line_id] = (before[0] + done, before[1] + wanted)
