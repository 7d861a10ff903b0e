"""The lock of fulfilment: the order row first, then its shipments, then stock (through inventory)."""

from oscar.apps.order.models import Order

from shipping.fulfilment.models import Shipment


def lock_order_of(shipment_id: int) -> Order:
    """NO KEY UPDATE on the order that the shipment belongs to. Raises Shipment.DoesNotExist.

    Cancelling an order takes the same lock, so that a race between cancel and dispatch has one winner.
    """
    order_id = Shipment.objects.values_list("order_id", flat=True).get(pk=shipment_id)
    return lock_order(order_id)


def lock_order(order_id: int) -> Order:
    return Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
