"""What ends with an order that will not be fulfilled: its claims on stock and vouchers, and its open parcels."""

from typing import Any

from oscar.apps.order.models import Order

from checkout.orders.states import CANCELLED, move_order
from inventory.allocation import cancel_allocations
from inventory.reservation import release_reservations
from promotions.offer_uses import release_offers
from promotions.vouchers import release_vouchers
from shipping.fulfilment.cancelling import cancel_open_shipments
from shop.outbox.publish import publish

UNPAID = "unpaid"
SOLD_OUT = "sold out"
WITHDRAWN = "withdrawn"


def claim_of(order_id: int) -> str:
    """How stock and vouchers know this order."""
    return f"order:{order_id}"


def close_order(order: Order, *, cause: str, reason: str, actor: Any = None, actor_name: str = "") -> bool:
    """Cancel a locked order and give back what it held; False when it was cancelled before.

    `cause` is UNPAID, SOLD_OUT or WITHDRAWN and chooses the mail. Money is the caller's business. Raises IllegalMove.
    """
    if not move_order(order, CANCELLED, reason=reason, actor=actor, actor_name=actor_name, data={"cause": cause}):
        return False
    release_claims(order.pk)
    publish("order.cancelled", {"order_id": order.pk, "cause": cause}, key=f"order.cancelled:{order.pk}")
    return True


def release_claims(order_id: int) -> None:
    """Open parcels, allocations, reservations, and uses of vouchers and offers. Dispatched units stay dispatched."""
    claim = claim_of(order_id)
    cancel_open_shipments(order_id)
    cancel_allocations(claim)
    release_reservations(claim)
    release_vouchers(claim)
    release_offers(claim)
