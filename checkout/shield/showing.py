"""What the order's page says while its payment is held: why, in words, and the ways on."""

from dataclasses import dataclass
from datetime import datetime

from oscar.apps.order.models import Order

from checkout.orders.states import PENDING
from checkout.quote.clock import database_now
from checkout.shield.proof import hide_address
from checkout.shield.records import HeldPayment

REASONS = {
    HeldPayment.Why.OFTEN: (
        "Paying was tried many times in a short while, so we take it slowly now. Nothing was charged, and your things"
        " are kept for you."
    ),
    HeldPayment.Why.RUSH: (
        "Many cards are being refused in our shop just now. That looks like somebody trying stolen cards, so we take it"
        " slowly with everybody. Nothing was charged, and your things are kept for you."
    ),
    HeldPayment.Why.BURST: (
        "Very many people are paying at this moment, so we let them in one after another. Nothing was charged, and your"
        " things are kept for you."
    ),
}


@dataclass(frozen=True, slots=True)
class ShownHold:
    """`mail_url` is empty when the mail was used already. `minutes` until `until`, at least 1."""

    sentence: str
    until: datetime
    minutes: int
    mail_url: str
    address: str


def show_hold(order: Order, *, page: str) -> ShownHold | None:
    """None for an order that is not held (any more). `page` is the path of the order's page. One query."""
    if order.status != PENDING:
        return None
    held = HeldPayment.objects.filter(order=order, released_at__isnull=True).first()
    if held is None:
        return None
    is_used = held.proven_at is not None
    left = (held.until - database_now()).total_seconds()
    if left <= 0 or (held.proven_at is not None and held.proven_at > held.last_at):
        return None
    return ShownHold(
        sentence=REASONS[HeldPayment.Why(held.why)],
        until=held.until,
        minutes=max(1, -int(-left // 60)),
        mail_url="" if is_used else f"{page}confirm/",
        address=hide_address(order.guest_email or (order.user.email if order.user else "")),
    )
