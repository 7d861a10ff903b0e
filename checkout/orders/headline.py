"""What an order's page and mails say first: where it stands, and what happens next, in a shopper's words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from oscar.apps.order.models import Order

from checkout.orders.closing import SOLD_OUT, UNPAID, claim_of
from checkout.orders.records import OrderEvent, PlacedOrder
from checkout.orders.states import CANCELLED, PAID, PARTLY_SHIPPED, PENDING, REFUNDED, SHIPPED
from checkout.orders.waiting import waiting_sentence
from checkout.payments.attempts import State, asked_for_rest
from checkout.payments.declines import explain_decline
from checkout.payments.records import PaymentAttempt
from checkout.quote.by_download import BY_DOWNLOAD
from inventory.reservation import hold_of


@dataclass(frozen=True, slots=True)
class Headline:
    """`kind` is how it is shown: success, warning, danger or "". `can_pay` says whether paying (again) makes sense."""

    headline: str
    sentence: str
    kind: str = ""
    can_pay: bool = False


_OWED = (PAID, PARTLY_SHIPPED, SHIPPED)
_MAYBE_REST = (State.HELD, State.CREATED, State.OPEN, State.CANCELLED)
_OF_FILES = {
    PAID: Headline(
        "Thank you. Your order is paid.",
        "Your files are being made ready; that takes a moment. Reload the page.",
        "success",
    ),
    SHIPPED: Headline(
        "Thank you. Your files are ready.", "Download them here; the links are in the mail to you as well.", "success"
    ),
}


def headline_of(
    order: Order,
    placed: PlacedOrder,
    attempt: PaymentAttempt | None,
    *,
    is_overdue: bool,
    has_returned: bool = False,
    has_left: bool = False,
) -> Headline:
    """`attempt` is the latest. `has_returned`: just back from paying; `has_left`: back without paying."""
    if attempt is not None and order.status in _OWED and attempt.state in _MAYBE_REST and asked_for_rest(order.pk):
        return _rest(attempt, has_returned=has_returned)
    if attempt is not None and attempt.state == State.HELD:
        return Headline(
            "We are looking at your payment",
            "Something about it does not match your order, so a person looks at it now. You need do nothing;"
            " we will write to you, and nothing is charged twice.",
            "warning",
        )
    if order.status == PENDING:
        return _pending(placed, attempt, is_overdue=is_overdue, has_returned=has_returned, has_left=has_left)
    if order.status == PAID and attempt is not None and attempt.state == State.AUTHORISED:
        return Headline(
            "Thank you. Your order is confirmed.",
            "Your bank has set the sum aside; it is charged when your parcel leaves. We will write to you then.",
            "success",
        )
    if order.status == CANCELLED:
        return _cancelled(order, attempt)
    if order.shipping_code == BY_DOWNLOAD and order.status in _OF_FILES:
        return _OF_FILES[order.status]
    if order.status == PAID and (sentence := waiting_sentence(order.pk)):
        return Headline("Thank you. Your order is paid.", sentence, "success")
    return {
        PAID: Headline(
            "Thank you. Your order is paid.", "We are packing it now, and write to you when it leaves.", "success"
        ),
        PARTLY_SHIPPED: Headline(
            "A part of your order is on its way", "The rest follows in another parcel; we will write to you.", "success"
        ),
        SHIPPED: Headline("Your order is on its way", "Every parcel has left. Have a calm evening with it.", "success"),
        REFUNDED: Headline("Your money has been sent back", "It reaches your account within 5 to 10 days.", ""),
    }[order.status]


def _rest(attempt: PaymentAttempt, *, has_returned: bool) -> Headline:
    """The authorisation ended before all of it had left: what was not taken is asked for."""
    if has_returned and attempt.state == State.OPEN and not attempt.last_decline:
        return Headline(
            "We are waiting for your bank",
            "Your payment has not been confirmed to us yet. You need not pay again.",
        )
    decline = (
        f" {explain_decline(attempt.last_decline)}" if attempt.last_decline and attempt.state == State.OPEN else ""
    )
    return Headline(
        "The rest of your order waits for its payment",
        f"Your bank no longer holds the sum that it had set aside. As soon as the rest is paid, it is sent.{decline}",
        "danger" if decline else "warning",
        can_pay=True,
    )


def _pending(
    placed: PlacedOrder, attempt: PaymentAttempt | None, *, is_overdue: bool, has_returned: bool, has_left: bool
) -> Headline:
    if attempt is not None and attempt.provider == PaymentAttempt.Provider.TRANSFER and not is_overdue:
        day = timezone.localtime(placed.pay_until)
        return Headline(
            "Thank you. Your order waits for your transfer",
            f"We keep it for you until {day.day} {day:%B %Y}, and send it when the money has arrived.",
            "warning",
        )
    if is_overdue:
        return Headline(
            "The time to pay is over",
            "Nothing was charged. The order is being cancelled; the things go back on the shelf."
            " You are welcome to order again.",
            "warning",
        )
    decline = attempt.last_decline if attempt is not None and attempt.state == State.OPEN else ""
    if decline and not has_returned:
        return Headline(
            "Your payment did not go through",
            f"{explain_decline(decline)} {_waits(placed)}",
            "danger",
            can_pay=True,
        )
    if has_returned:
        return Headline(
            "We are waiting for your bank",
            "Your payment has not been confirmed to us yet. This page shows it as soon as it is, and we write to you."
            " You need not pay again.",
            "",
        )
    if has_left:
        return Headline(
            "You left the payment page",
            f"Nothing was charged. {_waits(placed)}",
            "warning",
            can_pay=True,
        )
    return Headline("Your order waits for its payment", _waits(placed), "warning", can_pay=True)


def _waits(placed: PlacedOrder) -> str:
    """Until when it can be paid, and until when its things are held: the hold is the shorter of the two."""
    words = f"Your order waits for you until {_clock(placed.pay_until)}."
    hold = hold_of(claim_of(placed.pk))
    if hold is None or hold.until >= placed.pay_until:
        return words
    if hold.is_over:
        return f"{words} Its things are no longer held for you; you can pay as long as they are there."
    return f"{words} Its things are held for you until {_clock(hold.until)}; after that, as long as they are there."


def _clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")


def _cancelled(order: Order, attempt: PaymentAttempt | None) -> Headline:
    event = OrderEvent.objects.filter(order=order, to_state=CANCELLED).order_by("-pk").first()
    cause = event.data.get("cause") if event is not None else ""
    charged = attempt is not None and attempt.captured > 0
    money = (
        "The whole sum goes back to you; it reaches your account within 5 to 10 days."
        if charged
        else "Nothing was charged."
    )
    if cause == SOLD_OUT:
        return Headline(
            "We are sorry: it was sold out before your payment came",
            f"Someone was faster while the payment was under way. {money}",
            "danger",
        )
    if cause == UNPAID:
        return Headline(
            "This order was not paid in time", f"It is cancelled. {money} You are welcome to order again.", ""
        )
    return Headline("This order is cancelled", money, "")
