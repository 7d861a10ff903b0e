"""An order as it stands right after its payment was settled, without a provider in between."""

from django.db import transaction
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.models import PlacedOrder
from checkout.orders.states import PAID, lock_order, move_order
from inventory.allocation import LineDemand, allocate
from tests import shopfloor


def make_paid_order(*things: object, **fields: object) -> Order:
    order = shopfloor.make_order(*things, **fields)  # type: ignore[arg-type]
    with transaction.atomic():
        locked = lock_order(order.pk)
        allocate(
            claim=f"order:{order.pk}",
            lines=[
                LineDemand(line=f"line:{line.pk}", stock_record_id=line.stockrecord_id, quantity=line.quantity)
                for line in order.lines.all()
            ],
            ship_country="DE",
        )
        move_order(locked, PAID, reason="paid in a test", actor_name="test")
        PlacedOrder.objects.filter(order=order).update(paid_at=Now())
    order.refresh_from_db()
    return order
