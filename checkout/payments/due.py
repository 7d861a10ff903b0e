"""How much of an order may be charged by now: what has left the house, to the cent."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from oscar.apps.order.models import Order

from checkout.payments.records import PaymentAttempt
from shipping.fulfilment.models import Shipment, ShipmentLine
from shop.money import ZERO, round_money


@dataclass(frozen=True, slots=True)
class Due:
    """`amount` of the payment in all, `is_all` when nothing is left to be sent."""

    amount: Decimal
    is_all: bool


def sum_due(order: Order, attempt: PaymentAttempt) -> Due:
    """Of each line the share of its units that left, the delivery with the first parcel, the rest with the last.

    Shares are rounded as running totals, so that the steps sum to the payment. A line that is in no parcel was
    delivered otherwise. A payment that is taken in one step is due as a whole with the first parcel.
    """
    packed = _units_by_line(order)
    if not attempt.takes_parts or not any(wanted > sent for sent, wanted in packed.values()):
        return Due(attempt.amount, is_all=True)
    due = order.shipping_incl_tax
    for line_id, gross in order.lines.values_list("pk", "line_price_incl_tax"):
        sent, wanted = packed.get(line_id, (1, 1))
        due += round_money(gross * sent / wanted, attempt.currency)
    return Due(min(max(due, ZERO), attempt.amount), is_all=False)


def _units_by_line(order: Order) -> dict[int, tuple[int, int]]:
    """How many units have left, and how many have left or wait in a parcel; of a kit the units of its parts."""
    state = Shipment.State
    there = ShipmentLine.objects.filter(shipment__order=order, shipment__state__in=(state.OPEN, state.DISPATCHED))
    rows = (
        there.order_by()
        .values_list("order_line_id")
        .annotate(sent=Sum("quantity", filter=Q(shipment__state=state.DISPATCHED), default=0), wanted=Sum("quantity"))
    )
    return {line_id: (sent, wanted) for line_id, sent, wanted in rows}
