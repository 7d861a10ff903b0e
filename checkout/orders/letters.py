"""Which event in an order's life writes which mail. Each is written once, by its key."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.closing import SOLD_OUT
from checkout.orders.headline import headline_of
from checkout.orders.mails import queue_mail
from checkout.orders.page import present_parcels, transfer_for
from checkout.orders.records import PlacedOrder
from checkout.orders.states import PAID, PENDING
from checkout.orders.timeline import record_event
from checkout.orders.waiting import waits_still
from checkout.payments.attempts import State, asked_for_rest, is_time_up
from checkout.payments.records import PaymentAttempt, Refund
from checkout.quote.by_download import BY_DOWNLOAD
from shipping.fulfilment.models import Shipment
from shop.money import format_money

REMINDER_AFTER = timedelta(minutes=10)
WHERE_MONEY_GOES = "It goes back the way it came and reaches your account within 5 to 10 days."


def write_confirmation(order_id: int) -> bool:
    """For a paid order, and for one that was paid and has moved on before this mail was written."""
    order = _order(order_id)
    placed = PlacedOrder.objects.get(pk=order_id)
    if order.shipping_code != BY_DOWNLOAD:
        order.status = PAID
    first = headline_of(order, placed, _latest_payment(order), is_overdue=False)
    return queue_mail(
        order,
        kind="order_confirmed",
        key=f"order:{order_id}:confirmed",
        subject=f"Your order {order.number} is confirmed",
        headline=first.headline,
        sentence=first.sentence,
    )


def resend_confirmation(order_id: int, *, key: str, actor: Any) -> bool:
    """The confirmation once more, because somebody asked staff for it. `key` makes a doubled click one mail."""
    order = _order(order_id)
    placed = PlacedOrder.objects.get(pk=order_id)
    first = headline_of(order, placed, _latest_payment(order), is_overdue=False)
    is_new = queue_mail(
        order,
        kind="order_confirmed",
        key=f"order:{order_id}:confirmed:again:{key}",
        subject=f"Your order {order.number}",
        headline=first.headline,
        sentence=first.sentence,
    )
    if is_new:
        record_event(order_id=order_id, kind="edit", message="Staff sent the confirmation again.", actor=actor)
    return is_new


def remind_of_unpaid_orders() -> int:
    """Write to those who placed an order REMINDER_AFTER ago and have not paid; how many. Safe to repeat."""
    waiting = Order.objects.filter(
        status=PENDING, date_placed__lte=Now() - REMINDER_AFTER, placed__pay_until__gt=Now()
    ).exclude(mails__kind="order_waiting")
    waiting = waiting.exclude(payment_attempts__provider=PaymentAttempt.Provider.TRANSFER)
    return sum(write_reminder(order_id) for order_id in waiting.order_by("pk").values_list("pk", flat=True)[:100])


def write_transfer_instructions(order_id: int) -> bool:
    """Where to transfer what, for an order that is paid that way; False for others."""
    order = _order(order_id)
    placed = PlacedOrder.objects.get(pk=order_id)
    attempt = _latest_payment(order)
    transfer = transfer_for(order, placed, attempt, with_code=False)
    if transfer is None:
        return False
    first = headline_of(order, placed, attempt, is_overdue=False)
    return queue_mail(
        order,
        kind="order_transfer",
        key=f"order:{order_id}:transfer",
        subject=f"How to pay your order {order.number}",
        headline=first.headline,
        sentence=first.sentence,
        extra={"transfer": transfer},
    )


def write_reminder(order_id: int) -> bool:
    """For an order that still waits for its payment: whoever lost the page finds it again."""
    order = _order(order_id)
    attempt = _latest_payment(order)
    if order.status != PENDING or is_time_up(order_id) or (attempt is not None and attempt.state == State.HELD):
        return False
    first = headline_of(order, PlacedOrder.objects.get(pk=order_id), attempt, is_overdue=False)
    return queue_mail(
        order,
        kind="order_waiting",
        key=f"order:{order_id}:waiting",
        subject=f"Your order {order.number} waits for its payment",
        headline=first.headline,
        sentence=first.sentence,
    )


def write_rest(order_id: int) -> bool:
    """The link to pay what was not taken of an ended authorisation; False when it is paid, or was written before."""
    order = _order(order_id)
    held = asked_for_rest(order_id)
    if held is None:
        return False
    rest = format_money(order.total_incl_tax - held.captured, order.currency)
    taken = (
        f" {format_money(held.captured, held.currency)} were charged when a part of it left." if held.captured else ""
    )
    return queue_mail(
        order,
        kind="order_rest",
        key=f"payment:{held.pk}:rest",
        subject=f"Please pay the rest of your order {order.number}: {rest}",
        headline=f"{rest} are still to be paid",
        sentence=f"Your bank no longer holds the sum that it had set aside for your order.{taken} Please pay the rest"
        " with the link below; as soon as it is there, the rest of your order is sent.",
    )


def write_cancellation(order_id: int, *, cause: str) -> bool:
    order = _order(order_id)
    attempt = _latest_payment(order)
    back = PaymentAttempt.objects.filter(order=order).aggregate(sum=Sum("refunded"))["sum"]
    first = headline_of(order, PlacedOrder.objects.get(pk=order_id), attempt, is_overdue=False)
    return queue_mail(
        order,
        kind="order_sold_out" if cause == SOLD_OUT else "order_cancelled",
        key=f"order:{order_id}:cancelled",
        subject=f"Your order {order.number} is cancelled",
        headline=first.headline,
        sentence=first.sentence,
        extra={"refund": _money_back(back, order.currency) if back else None},
    )


def write_dispatch(*, order_id: int, shipment_id: int) -> bool:
    order = _order(order_id)
    (parcel,) = present_parcels(order_id, shipment_id=shipment_id)
    waiting = Shipment.objects.filter(order=order, state=Shipment.State.OPEN).exists() or waits_still(order_id)
    return queue_mail(
        order,
        kind="order_shipped",
        key=f"shipment:{shipment_id}:dispatched",
        subject=f"A parcel of your order {order.number} is on its way",
        headline="Your parcel is on its way",
        sentence="We have just handed it to the carrier.",
        extra={
            "parcel": parcel,
            "rest_words": "The rest of your order follows in another parcel." if waiting else "",
        },
    )


def write_refund(refund_id: int) -> bool:
    refund = Refund.objects.select_related("attempt").get(pk=refund_id)
    order = _order(refund.attempt.order_id)
    return queue_mail(
        order,
        kind="order_refunded",
        key=f"refund:{refund_id}:succeeded",
        subject=f"Money back for your order {order.number}",
        headline="Your money is on its way back",
        sentence=f"We have sent it to the {_source_of(refund.attempt)} you paid with.",
        extra={"refund": _money_back(refund.amount, refund.attempt.currency)},
    )


def _source_of(attempt: PaymentAttempt) -> str:
    return "account" if attempt.provider == PaymentAttempt.Provider.TRANSFER else "card"


def _order(order_id: int) -> Order:
    return Order.objects.select_related("user", "shipping_address__country", "billing_address__country").get(
        pk=order_id
    )


def _latest_payment(order: Order) -> PaymentAttempt | None:
    return PaymentAttempt.objects.filter(order=order).order_by("-pk").first()


def _money_back(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "words": WHERE_MONEY_GOES}
