"""The link in a mail about a later date: it cancels what waits, free of charge, until it ends.

Its address names the order and its last second, signed under SECRET_KEY: nobody can guess one, and nothing is stored.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from oscar.apps.order.models import Order

from checkout.orders.access import UnknownLink
from checkout.orders.records import PlacedOrder
from checkout.quote.clock import database_now

FREE_CANCEL_DAYS = 30
_SALT = "checkout.orders.late"


@dataclass(frozen=True, slots=True)
class LateLink:
    url: str
    until: datetime


def make_late_link(order_id: int) -> LateLink:
    """The absolute address, from SITE_URL, good for FREE_CANCEL_DAYS."""
    until = (database_now() + timedelta(days=FREE_CANCEL_DAYS)).replace(microsecond=0)
    token = Signer(salt=_SALT).sign(f"{order_id}.{int(until.timestamp())}")
    return LateLink(url=f"{settings.SITE_URL}/order/late/{token}/", until=until)


def find_late_order(token: str) -> Order:
    """Raises UnknownLink: forged, cut short by a mail program, or past its end by the database's clock."""
    try:
        order_id, _, end = Signer(salt=_SALT).unsign(token).partition(".")
        until = datetime.fromtimestamp(int(end), tz=UTC)
        placed = PlacedOrder.objects.select_related("order__user").filter(pk=int(order_id)).first()
    except (BadSignature, ValueError, OverflowError):
        raise UnknownLink from None
    if placed is None or database_now() >= until:
        raise UnknownLink
    return placed.order
