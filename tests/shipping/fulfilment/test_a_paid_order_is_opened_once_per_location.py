"""Opening shipments: one per location, once, however often the event is handled."""

import pytest

from shipping.fulfilment.models import Shipment
from shipping.fulfilment.opening import open_shipments, open_shipments_of_paid_order
from tests import shopfloor
from tests.shipping.fulfilment.paid import make_paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SH04")]


def test_one_location_one_shipment() -> None:
    lamp, mug = shopfloor.make_product(stock=5), shopfloor.make_product(stock=5)
    order = make_paid_order((lamp, 2), (mug, 1))
    (shipment,) = open_shipments(order.pk)
    assert shipment.number == f"{order.number}-1"
    assert sorted(shipment.lines.values_list("quantity", flat=True)) == [1, 2]


def test_two_locations_two_shipments() -> None:
    lamp, mug = shopfloor.make_product(stock=5), shopfloor.make_product(stock=0)
    shopfloor.put_on_shelf(shopfloor.record_of(mug), 5, location=shopfloor.make_location("studio", priority=20))
    order = make_paid_order((lamp, 1), (mug, 1))
    shipments = open_shipments(order.pk)
    assert {shipment.location.code for shipment in shipments} == {"main", "studio"}
    assert {shipment.number for shipment in shipments} == {f"{order.number}-1", f"{order.number}-2"}


def test_the_event_handled_twice_opens_nothing_more() -> None:
    order = make_paid_order((shopfloor.make_product(stock=5), 2))
    open_shipments_of_paid_order({"order_id": order.pk})
    open_shipments_of_paid_order({"order_id": order.pk})
    assert Shipment.objects.filter(order=order).count() == 1


def test_a_thing_without_tracked_stock_travels_too() -> None:
    poster = shopfloor.make_product(
        stock=0, product_class=shopfloor.make_product_class("Made to order", track_stock=False)
    )
    shopfloor.make_location()
    order = make_paid_order((poster, 3))
    (shipment,) = open_shipments(order.pk)
    assert [(line.allocation_id, line.quantity) for line in shipment.lines.all()] == [(None, 3)]
    assert open_shipments(order.pk) == []
