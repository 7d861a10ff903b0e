"""Which event of the outbox calls which function of this room. Handlers are idempotent by the ids they get."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from checkout.orders import letters
from checkout.orders.mails import hand_over_mail
from checkout.orders.shipped import follow_dispatch
from checkout.payments.capture import release_payment
from checkout.payments.inbox import handle_provider_event
from checkout.payments.refund import send_refund
from shop.outbox.publish import publish
from shop.outbox.subscribe import subscribe

Payload = Mapping[str, Any]
REMINDER_AFTER = timedelta(minutes=10)


def wire_events() -> None:
    subscribe("order.placed", plan_reminder)
    subscribe("order.reminder_due", remind)
    subscribe("order.paid", confirm)
    subscribe("order.cancelled", tell_of_cancellation)
    subscribe("shipment.dispatched", follow_dispatch)
    subscribe("shipment.dispatched", tell_of_dispatch)
    subscribe("refund.requested", pay_back)
    subscribe("refund.succeeded", tell_of_refund)
    subscribe("payment.release_requested", let_go)
    subscribe("provider.event_received", handle_provider_event)
    subscribe("mail.queued", send)


def plan_reminder(payload: Payload) -> None:
    order_id = payload["order_id"]
    with transaction.atomic():
        publish(
            "order.reminder_due", {"order_id": order_id}, key=f"order.reminder_due:{order_id}", delay=REMINDER_AFTER
        )


def remind(payload: Payload) -> None:
    letters.write_reminder(payload["order_id"])


def confirm(payload: Payload) -> None:
    letters.write_confirmation(payload["order_id"])


def tell_of_cancellation(payload: Payload) -> None:
    letters.write_cancellation(payload["order_id"], cause=payload.get("cause", ""))


def tell_of_dispatch(payload: Payload) -> None:
    letters.write_dispatch(order_id=payload["order_id"], shipment_id=payload["shipment_id"])


def pay_back(payload: Payload) -> None:
    send_refund(payload["refund_id"])


def tell_of_refund(payload: Payload) -> None:
    letters.write_refund(payload["refund_id"])


def let_go(payload: Payload) -> None:
    release_payment(payload["attempt_id"])


def send(payload: Payload) -> None:
    hand_over_mail(payload["mail_id"])
