"""Which event of the outbox calls which function of this room. Handlers are idempotent by the ids they get."""

from collections.abc import Mapping
from typing import Any

from oscar.apps.order.models import Order

from checkout.alerts.telling import tell_of_lower_price, tell_of_return
from checkout.downloads.granting import deliver_downloads, revoke_downloads
from checkout.invoices.drawn import draw_files
from checkout.invoices.issue import issue_credit_note, issue_invoice
from checkout.orders import letters
from checkout.orders.mails import hand_over_mail
from checkout.orders.shipped import follow_dispatch
from checkout.orders.slipping import note_arrival, tell_of_slip
from checkout.orders.withdrawing import give_withdrawn_back
from checkout.payments.capture import release_payment
from checkout.payments.inbox import handle_provider_event
from checkout.payments.refund import send_refund
from checkout.payments.sweep import close_attempt
from checkout.payments.transfer.matching import free_partial_transfers
from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.outbox.models import OutboxEvent
from shop.outbox.subscribe import subscribe

Payload = Mapping[str, Any]


def wire_events() -> None:
    subscribe("order.placed", note_placing)
    subscribe("order.placed", tell_how_to_transfer)
    subscribe("order.paid", deliver)
    subscribe("order.paid", invoice)
    subscribe("order.paid", confirm)
    subscribe("order.cancelled", end_downloads)
    subscribe("order.cancelled", tell_of_cancellation)
    subscribe("order.cancelled", free_transfers)
    subscribe("shipment.dispatched", follow_dispatch)
    subscribe("shipment.dispatched", tell_of_dispatch)
    subscribe("refund.requested", pay_back)
    subscribe("refund.succeeded", credit)
    subscribe("refund.succeeded", tell_of_refund)
    subscribe("paper.issued", draw)
    subscribe("payment.release_requested", let_go)
    subscribe("payment.part_withdrawn", give_back_part)
    subscribe("payment.rest_asked", tell_of_rest)
    subscribe("payment.tried_too_often", close_page)
    subscribe("provider.event_received", handle_provider_event)
    subscribe("mail.queued", send)
    subscribe("stock.available", tell_who_waits)
    subscribe("backorder.filled", note_arrival)
    subscribe("backorder.slipped", tell_of_later_day)
    subscribe("price.fell", tell_of_lower_prices)


def note_placing(payload: Payload) -> None:
    """The shop-wide audit log learns of the order; its own timeline began in the placing transaction."""
    order = Order.objects.get(pk=payload["order_id"])
    known = AuditEntry.objects.filter(subject_type="order", subject_id=str(order.pk), action="place")
    if not known.exists():
        record_action(
            action="place",
            subject_type="order",
            subject_id=order.pk,
            actor=order.user,
            actor_name="" if order.user else "guest",
            after={"number": order.number, "total": str(order.total_incl_tax), "currency": order.currency},
        )


def tell_how_to_transfer(payload: Payload) -> None:
    letters.write_transfer_instructions(payload["order_id"])


def free_transfers(payload: Payload) -> None:
    free_partial_transfers(payload["order_id"])


def deliver(payload: Payload) -> None:
    """Before the confirmation is written, which carries the links."""
    deliver_downloads(payload["order_id"])


def invoice(payload: Payload) -> None:
    issue_invoice(payload["order_id"])


def credit(payload: Payload) -> None:
    issue_credit_note(payload["refund_id"])


def draw(payload: Payload) -> None:
    draw_files(payload["paper_id"])


def confirm(payload: Payload) -> None:
    letters.write_confirmation(payload["order_id"])


def end_downloads(payload: Payload) -> None:
    """Judged at read anyway (checkout.downloads.standing); this writes it down."""
    revoke_downloads(order_id=payload["order_id"], reason="The order was cancelled.")


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


def tell_of_rest(payload: Payload) -> None:
    letters.write_rest(payload["order_id"])


def give_back_part(payload: Payload) -> None:
    give_withdrawn_back(payload)


def close_page(payload: Payload) -> None:
    close_attempt(payload["attempt_id"])


def tell_who_waits(payload: Payload) -> None:
    """Since the event was written: what it has told already counts when it is handled a second time."""
    since = OutboxEvent.objects.values_list("created_at", flat=True).get(key=payload["reference"])
    tell_of_return(payload["stock_record_ids"], since=since)


def tell_of_lower_prices(payload: Payload) -> None:
    tell_of_lower_price(payload["stock_record_ids"])


def tell_of_later_day(payload: Payload) -> None:
    tell_of_slip(payload)


def send(payload: Payload) -> None:
    hand_over_mail(payload["mail_id"])
