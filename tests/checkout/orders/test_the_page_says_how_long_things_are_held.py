"""The shopper reads until when the things are held, which is sooner than the order's own time to pay."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from oscar.apps.order.models import Order

from checkout.models import PlacedOrder
from checkout.orders.access import order_path, token_of
from inventory.models import Reservation
from inventory.reservation import release_expired
from tests.checkout.page.walk import fill_in
from tests.shopfloor import make_order, make_product, open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN02")]


def words(client: Client, order: Order) -> str:
    return client.get(order_path(token_of(order.pk))).content.decode()


def clock(at: Any) -> str:
    return timezone.localtime(at).strftime("%H:%M")


def test_before_paying_the_minutes_are_said_and_afterwards_the_time(client: Client, settings: Any) -> None:
    open_shop()
    client.post(f"/basket/add/{make_product().pk}/")
    assert "Your things are held for you for 15 minutes while you pay." in fill_in(client)
    order = make_order()
    hold, until = Reservation.objects.get().expires_at, PlacedOrder.objects.get().pay_until
    assert until - hold >= timedelta(minutes=14)
    assert (
        f"Your order waits for you until {clock(until)}. Its things are held for you until {clock(hold)};"
        " after that, as long as they are there."
    ) in words(client, order)


@pytest.mark.parametrize("tidied", [False, True])
def test_once_the_hold_is_over_the_page_does_not_promise_it(client: Client, tidied: bool) -> None:
    order = make_order()
    Reservation.objects.update(expires_at=Now() - timedelta(seconds=1))
    if tidied:
        release_expired()
    assert "Its things are no longer held for you; you can pay as long as they are there." in words(client, order)


def test_what_needs_no_hold_and_what_is_held_to_the_end_says_one_time(client: Client) -> None:
    order = make_order()
    Reservation.objects.update(expires_at=PlacedOrder.objects.get().pay_until)
    page = words(client, order)
    assert "Your order waits for you until" in page
    assert "held for you" not in page
