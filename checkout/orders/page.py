"""An order as its page and its mails show it (templates/orders/order.html says which names they use)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now
from django.utils import timezone
from oscar.apps.order.models import Order

from checkout.downloads.shown import consent_words, present_downloads
from checkout.invoices.giving import list_papers
from checkout.orders.access import order_path
from checkout.orders.address_lines import address_lines
from checkout.orders.cancel import is_unpacked
from checkout.orders.figures import present_lines, present_totals
from checkout.orders.headline import Headline, headline_of
from checkout.orders.records import OrderEvent, PlacedOrder
from checkout.orders.states import CANCELLED, PAID, PARTLY_SHIPPED, PENDING, REFUNDED, SHIPPED
from checkout.orders.timeline import timeline_of
from checkout.orders.waiting import has_to_come_in, note_lines, sent_from
from checkout.payments.attempts import State
from checkout.payments.records import PaymentAttempt
from checkout.payments.transfer.account import present_instructions
from checkout.payments.transfer.gateway import received_of
from checkout.quote.by_download import BY_DOWNLOAD
from shipping.fulfilment.contents import RELATED, WRITTEN, packed_thing
from shipping.fulfilment.models import Shipment
from shipping.rates.promise import arrival_words
from shop.money import ZERO, format_money

# What a shopper may read of the timeline: not the alerts and notes that staff write for each other.
SHOWN_KINDS = ("state", "payment", "refund", "shipment", "mail")


def present_order(
    order: Order, *, token: str = "", has_returned: bool = False, has_left: bool = False
) -> dict[str, Any]:
    """The `order` of the template. With a `token` the page can act (pay, cancel); mails show only."""
    is_over = ExpressionWrapper(Q(pay_until__lte=Now()), output_field=BooleanField())
    placed = PlacedOrder.objects.annotate(is_over=is_over).get(pk=order.pk)
    payments = list(PaymentAttempt.objects.filter(order=order).order_by("-pk"))
    attempt = payments[0] if payments else None
    events = timeline_of(order.pk)
    first = headline_of(
        order,
        placed,
        attempt,
        is_overdue=order.status == PENDING and placed.is_over,
        has_returned=has_returned,
        has_left=has_left,
    )
    lines = present_lines(placed.quote)
    note_lines(order, lines, placed.quote)
    return {
        "number": order.number,
        "placed_at": order.date_placed,
        "headline": first.headline,
        "sentence": first.sentence,
        "kind": first.kind,
        "states": present_states(order, events),
        "currency": order.currency,
        "lines": lines,
        "totals": present_totals(order, placed.quote),
        "parcels": present_parcels(order.pk),
        "downloads": present_downloads(order.pk, token=token),
        "consent_words": consent_words(placed.consents),
        "documents": list_papers(order.pk, page=order_path(token)) if token else [],
        "delivery_lines": address_lines(order.shipping_address),
        "billing_lines": address_lines(order.billing_address),
        "delivery_words": _delivery_words(order, placed),
        "payment_words": _payment_words(payments),
        "transfer": transfer_for(order, placed, attempt, with_code=bool(token)),
        "email": order.guest_email or (order.user.email if order.user else ""),
        "timeline": [{"time": one.at, "text": one.message} for one in events if one.kind in SHOWN_KINDS],
        "link_until": placed.access_expires_at,
        **_actions(order, first, token=token),
    }


def _actions(order: Order, first: Headline, *, token: str) -> dict[str, str]:
    page = order_path(token)
    can_cancel = bool(token) and is_unpacked(order)
    return {
        "pay_url": f"{page}pay/" if token and first.can_pay else "",
        "pay_label": "Try to pay again" if first.kind == "danger" else "Pay now",
        "cancel_url": f"{page}cancel/" if can_cancel else "",
        "cancel_words": (
            "Nothing was charged, and nothing will be when you cancel."
            if order.status == PENDING
            else "Nothing has been packed yet. Cancelling sends the whole sum back to you."
        ),
    }


def present_states(order: Order, events: Sequence[OrderEvent]) -> list[dict[str, Any]]:
    """The steps of templates/components/order_states.html."""
    sent, packing = ("Ready", "Being made ready") if order.shipping_code == BY_DOWNLOAD else ("Sent", "Packing")
    reached = {event.to_state: event.at for event in events if event.to_state}
    steps = [
        {"label": "Ordered", "time": order.date_placed, "note": "", "state": "done"},
        {"label": "Paid", "time": reached.get(PAID), "note": "", "state": "done" if PAID in reached else "later"},
        {"label": sent, "time": reached.get(SHIPPED), "note": "", "state": "later"},
    ]
    if order.status in (CANCELLED, REFUNDED):
        ended = {
            "label": order.status.capitalize(),
            "time": reached.get(order.status),
            "note": "",
            "state": "stopped",
        }
        return [step for step in steps if step["state"] == "done" or step["time"]] + [ended]
    if order.status == PENDING:
        steps[1] |= {"state": "current", "label": "Payment"}
    elif order.status == PAID and has_to_come_in(order.pk):
        steps[2] |= {"state": "current", "label": "Waiting to come in"}
    elif order.status == PAID:
        steps[2] |= {"state": "current", "label": packing}
    elif order.status == PARTLY_SHIPPED:
        steps[2] |= {"state": "current", "note": "a part has left"}
    elif order.status == SHIPPED:
        steps[2]["state"] = "done"
    return steps


def present_parcels(order_id: int, *, shipment_id: int | None = None) -> list[dict[str, Any]]:
    """Parcels that have left, oldest first; or only the one named."""
    found = Shipment.objects.filter(order_id=order_id, state=Shipment.State.DISPATCHED)
    if shipment_id is not None:
        found = found.filter(pk=shipment_id)
    return [
        {
            "name": f"Parcel {shipment.number}",
            "carrier": shipment.carrier,
            "tracking_number": shipment.tracking_number,
            "tracking_url": shipment.tracking_url,
            "time": shipment.dispatched_at,
            "lines": [f"{line.quantity} × {packed_thing(line).words}" for line in shipment.lines.all()],
        }
        for shipment in found.order_by("pk").prefetch_related(*(f"lines__{name}" for name in (*RELATED, WRITTEN)))
    ]


def _delivery_words(order: Order, placed: PlacedOrder) -> str:
    shipping = placed.quote.get("shipping") or {}
    if order.status not in (PAID, PARTLY_SHIPPED) or not shipping.get("days_max"):
        return order.shipping_method
    day = sent_from(order.pk) or timezone.localdate(placed.paid_at or order.date_placed)
    arrives = arrival_words(ordered_on=day, days_min=shipping["days_min"], days_max=shipping["days_max"])
    return f"{order.shipping_method}. {arrives}."


def transfer_for(
    order: Order, placed: PlacedOrder, attempt: PaymentAttempt | None, *, with_code: bool
) -> dict[str, Any] | None:
    """How to pay by transfer what has not arrived yet; None when there is nothing to transfer."""
    is_waiting = attempt is not None and attempt.provider == PaymentAttempt.Provider.TRANSFER
    if not is_waiting or order.status != PENDING:
        return None
    missing = order.total_incl_tax - received_of(order)
    return present_instructions(order, missing=missing, until=placed.pay_until, with_code=with_code)


def _payment_words(payments: Sequence[PaymentAttempt]) -> str:
    """The latest payment first. Two have taken something when the rest of an ended one was paid anew."""
    if payments and payments[0].state == State.AUTHORISED:
        return f"{format_money(payments[0].amount, payments[0].currency)} set aside by your bank."
    taken = [one for one in reversed(payments) if one.captured]
    if not taken:
        return "Not paid."
    words = " and ".join(f"{format_money(one.captured, one.currency)} {one.get_provider_display()}" for one in taken)
    back = sum((one.refunded for one in taken), ZERO)
    return f"{words}. {format_money(back, taken[0].currency)} sent back." if back else f"{words}."
