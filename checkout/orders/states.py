"""The one table of an order's moves, and the one function that makes them.

`paid` means that the money is ours or firmly held: with CAPTURE_ON_DISPATCH the card is charged when the first parcel
leaves. The same table stands in the database as a trigger (migration 0004), so that no path can skip it.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.records import PlacedOrder
from checkout.orders.timeline import record_event

PENDING = "pending payment"
PAID = "paid"
PARTLY_SHIPPED = "partly shipped"
SHIPPED = "shipped"
CANCELLED = "cancelled"
REFUNDED = "refunded"

STATES = (PENDING, PAID, PARTLY_SHIPPED, SHIPPED, CANCELLED, REFUNDED)
MOVES: dict[str, frozenset[str]] = {
    PENDING: frozenset({PAID, CANCELLED}),
    PAID: frozenset({PARTLY_SHIPPED, SHIPPED, CANCELLED, REFUNDED}),
    PARTLY_SHIPPED: frozenset({SHIPPED, REFUNDED}),
    SHIPPED: frozenset({REFUNDED}),
    CANCELLED: frozenset(),
    REFUNDED: frozenset(),
}
CLOSED = frozenset({SHIPPED, CANCELLED, REFUNDED})


class IllegalMove(Exception):
    """The order cannot go from its state to the wanted one."""

    def __init__(self, *, number: str, from_state: str, to_state: str) -> None:
        allowed = " or ".join(sorted(MOVES.get(from_state, ()))) or "nothing else"
        super().__init__(f"Order {number} is {from_state}; it can become {allowed}, not {to_state}.")
        self.from_state = from_state
        self.to_state = to_state


def lock_order(order_id: int) -> Order:
    """The row lock that every change of an order, its payments and its refunds takes first.

    NO KEY UPDATE: rows that merely point at the order (timeline, mails, shipments) do not wait. Lock order in this
    room: order, payment attempt, refund, then stock records and vouchers through their own rooms.
    """
    return Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)


def can_move(order: Order, to_state: str) -> bool:
    return to_state in MOVES.get(order.status, frozenset())


def move_order(
    order: Order,
    to_state: str,
    *,
    reason: str,
    actor: Any = None,
    actor_name: str = "",
    data: Mapping[str, Any] | None = None,
) -> bool:
    """Move a locked order (see `lock_order`) and write its timeline; False when it is in that state already.

    `actor` is a user, or None with `actor_name` saying which part of the shop acted. Raises IllegalMove.
    """
    if order.status == to_state:
        return False
    if not can_move(order, to_state):
        raise IllegalMove(number=order.number, from_state=order.status, to_state=to_state)
    from_state = order.status
    order.status = to_state
    order.save(update_fields=["status"])
    if to_state in CLOSED:
        PlacedOrder.objects.filter(order=order, closed_at__isnull=True).update(closed_at=Now())
    record_event(
        order_id=order.pk,
        kind="state",
        message=f"{from_state.capitalize()} → {to_state}.",
        from_state=from_state,
        to_state=to_state,
        actor=actor,
        actor_name=actor_name,
        reason=reason,
        data=data,
    )
    return True
