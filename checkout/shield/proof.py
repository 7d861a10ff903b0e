"""The slower path: a mail to the order's address with a code, by which its owner goes on to pay. No puzzle to solve.

The code is an HMAC of the order's number under SECRET_KEY; it stands in no page, only in the mail. It counts once. A mail
is written when the shopper asks for it, within limits, so that nobody can use the shop to fill a stranger's mailbox.
"""

import hmac

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from oscar.apps.order.models import Order

from checkout.orders.mails import queue_mail
from checkout.orders.records import Mail, PlacedOrder
from checkout.orders.timeline import record_event
from checkout.shield.limits import KEPT, WINDOW
from checkout.shield.records import HeldPayment

KIND = "payment_proof"
MAILS_OF_ADDRESS = 3
"""In a day."""
MAILS_OF_PLACE = 5
"""In an hour."""


class NoMail(Exception):
    """No mail was written; the message is for the shopper."""


def code_of(order: Order) -> str:
    """26 lower-case hex digits."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"shield.proof:{order.number}".encode(), "sha256").hex()[:26]


def accept_proof(order: Order, code: str) -> bool:
    """Whether the code is this order's; then the order is proven. For an order that was never held nothing changes."""
    if not hmac.compare_digest(code.encode(), code_of(order).encode()):
        return False
    proven = HeldPayment.objects.filter(order=order, proven_at__isnull=True).update(proven_at=Now())
    if proven:
        record_event(order_id=order.pk, kind="note", message="The shopper confirmed the mail address to go on paying.")
    return True


def ask_for_mail(order: Order) -> str:
    """Write the mail; returns the address, with most of it hidden. Raises NoMail when there were too many."""
    with transaction.atomic():
        held = HeldPayment.objects.filter(order=order, proven_at__isnull=True).first()
        if held is None:
            raise NoMail("This order can be paid: press the button.")
        address = order.guest_email or (order.user.email if order.user else "")
        _check_limits(held, address)
        until = PlacedOrder.objects.values_list("pay_until", flat=True).get(order=order)
        queue_mail(
            order,
            kind=KIND,
            key=f"order:{order.pk}:proof",
            subject=f"Go on to pay for order {order.number}",
            headline="Was it you?",
            sentence="Somebody, you we hope, wants to pay for this order. Press the button to go on; then we know that"
            f" the address is yours. The order waits until {timezone.localtime(until):%H:%M}."
            " If it was not you, do nothing: nothing is charged.",
            extra={"proof": code_of(order)},
        )
    return hide_address(address)


def _check_limits(held: HeldPayment, address: str) -> None:
    mails = Mail.objects.filter(kind=KIND)
    if mails.filter(order_id=held.order_id).exists():
        raise NoMail("The mail is on its way already. Look into the folder for unwanted mail, too.")
    orders = HeldPayment.objects.filter(net=held.net).values("order") if held.net else None
    if mails.filter(to__iexact=address, created_at__gt=Now() - KEPT).count() >= MAILS_OF_ADDRESS or (
        orders is not None and mails.filter(order__in=orders, created_at__gt=Now() - WINDOW).count() >= MAILS_OF_PLACE
    ):
        raise NoMail("Several such mails were sent already. Please wait until the time below, or write to us.")


def hide_address(address: str) -> str:
    """`ada@example.com` → `a…@example.com`: enough for its owner to know it."""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"
