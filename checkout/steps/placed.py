"""The way from a checkout that has become an order to the page of that order."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest
from oscar.apps.order.models import Order

from checkout.basket.finding import find_placed_basket
from checkout.orders.access import order_path, token_of
from checkout.orders.states import PENDING

RECENT = timedelta(hours=1)


def order_page_of(request: HttpRequest) -> str | None:
    """The order that this visitor's basket became, while it waits for payment or is new; else None.

    Not for longer: the basket's cookie lives on a machine that others may use, and the page shows an address.
    """
    basket = find_placed_basket(request)
    if basket is None:
        return None
    order = Order.objects.filter(basket=basket).filter(Q(status=PENDING) | Q(date_placed__gt=Now() - RECENT)).first()
    return order_path(token_of(order.pk)) if order is not None else None
