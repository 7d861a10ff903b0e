"""The steps of a paid order: what lies on the shelf is being packed; only what has to come in waits."""

import pytest

from checkout.models import OrderEvent
from checkout.orders.page import present_states
from tests.checkout.made_up_payments import paid_order

pytestmark = pytest.mark.django_db


def test_a_paid_order_of_what_is_in_stock_is_being_packed() -> None:
    order = paid_order()
    order.refresh_from_db()
    steps = present_states(order, OrderEvent.objects.filter(order=order))
    assert [step["label"] for step in steps if step["state"] == "current"] == ["Packing"]
