"""Everything about one order, as its page shows it. A constant number of queries."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.apps.order.models import Line, Order

from checkout.invoices.records import Paper
from checkout.orders.address_lines import address_lines
from checkout.orders.figures import present_totals
from checkout.orders.line_pictures import NOTHING, LinePicture, pictures_of
from checkout.orders.looking import timeline_with_lists
from checkout.orders.page import present_states
from checkout.orders.records import Mail, OrderEvent, PlacedOrder
from checkout.orders.states import CANCELLED, PAID, PARTLY_SHIPPED, PENDING, REFUNDED, SHIPPED
from checkout.payments.declines import explain_decline
from checkout.payments.records import PaymentAttempt, Refund
from checkout.quote.by_download import BY_DOWNLOAD
from checkout.refunds.records import RefundRequest
from shipping.fulfilment.contents import RELATED, WRITTEN, packed_thing
from shipping.fulfilment.models import ParcelStop, Shipment
from shop.backoffice import badges
from shop.money import ZERO, format_money


@dataclass(frozen=True, slots=True)
class OrderLine:
    line: Line
    look: LinePicture
    unit: Decimal
    total: Decimal
    details: list[str]


@dataclass(frozen=True, slots=True)
class OrderPage:
    order: Order
    sentence: str
    badge: str
    states: list[dict[str, Any]]
    lines: list[OrderLine]
    totals: dict[str, Any]
    trace: list[dict[str, Any]]
    email: str
    delivery: list[str]
    billing: list[str]
    payments: list[dict[str, Any]]
    refunds: list[dict[str, Any]]
    requests: list[RefundRequest]
    parcels: list[dict[str, Any]]
    mails: list[Mail]
    papers: list[Paper]
    timeline: list[OrderEvent]
    placed: PlacedOrder | None


def present_order_page(order: Order) -> OrderPage:
    placed = PlacedOrder.objects.filter(pk=order.pk).first()
    quote = placed.quote if placed is not None else {}
    lines = list(order.lines.select_related("product").prefetch_related("parts", "attributes").order_by("pk"))
    looks = pictures_of({line.product_id: line.product.parent_id or line.product_id for line in lines if line.product})
    payments = list(PaymentAttempt.objects.filter(order=order).order_by("pk"))
    refunds = list(Refund.objects.filter(attempt__order=order).order_by("pk"))
    parcels = list(
        Shipment.objects.filter(order=order)
        .select_related("location")
        .prefetch_related(*(f"lines__{name}" for name in (*RELATED, WRITTEN)))
        .order_by("pk")
    )
    events = timeline_with_lists(order.pk)
    return OrderPage(
        order=order,
        sentence=_sentence(order, payments, parcels),
        badge=badges.ORDER.get(order.status, "default"),
        states=present_states(order, events),
        lines=[_line(line, looks) for line in lines],
        totals=present_totals(order, quote),
        trace=[dict(step) for step in quote.get("trace", ())],
        email=order.guest_email or (order.user.email if order.user else ""),
        delivery=address_lines(order.shipping_address),
        billing=address_lines(order.billing_address),
        payments=[_payment(one) for one in payments],
        refunds=[{"refund": one, "badge": badges.REFUND.get(one.state, "default")} for one in refunds],
        requests=list(RefundRequest.objects.filter(attempt__order=order, state=RefundRequest.State.WAITING)),
        parcels=[_parcel(one) for one in parcels],
        mails=list(Mail.objects.filter(order=order).order_by("pk").defer("html", "text")),
        papers=list(Paper.objects.filter(order=order).order_by("pk").only("label", "kind", "issued_at")),
        timeline=list(reversed(events)),
        placed=placed,
    )


def _line(line: Line, looks: dict[int, LinePicture]) -> OrderLine:
    look = looks.get(line.product_id or 0, NOTHING)
    details = [f"{part.quantity} × {part.title}" for part in line.parts.all()]
    details += [f"{one.type}: {one.value}" for one in line.attributes.all()]
    return OrderLine(line, look, line.unit_price_incl_tax or ZERO, line.line_price_incl_tax, details)


def _parcel(shipment: Shipment) -> dict[str, Any]:
    words = ", ".join(f"{line.quantity} × {packed_thing(line).words}" for line in shipment.lines.all())
    return {"parcel": shipment, "badge": badges.SHIPMENT.get(shipment.state, "default"), "words": words}


def _payment(attempt: PaymentAttempt) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "badge": badges.PAYMENT.get(attempt.state, "default"),
        "decline": explain_decline(attempt.last_decline) if attempt.last_decline else "",
    }


def _sentence(order: Order, payments: list[PaymentAttempt], parcels: list[Shipment]) -> str:
    """Where the order stands and what is to do next."""
    total = format_money(order.total_incl_tax, order.currency)
    held = next((one for one in payments if one.state == PaymentAttempt.State.HELD), None)
    if held is not None:
        stopped = " Its parcels are stopped." if ParcelStop.objects.filter(order=order).exists() else ""
        asked = " The customer has a link to pay the rest." if held.rest_asked_at is not None else ""
        return f"The payment is held for you to look at: {held.hold_reason}{stopped}{asked}"
    waiting = sum(1 for parcel in parcels if parcel.state == Shipment.State.OPEN)
    parcel_words = f"{waiting} {'parcel' if waiting == 1 else 'parcels'} to ship"
    by_download = order.shipping_code == BY_DOWNLOAD
    return {
        PENDING: f"{total} are not paid yet. The units are reserved until the time to pay is over.",
        PAID: f"{total} are paid; its downloads are being opened."
        if by_download
        else f"{total} are paid; {parcel_words if waiting or parcels else 'its parcels are being opened'}.",
        PARTLY_SHIPPED: f"A part has left; {parcel_words}.",
        SHIPPED: "Its files can be downloaded." if by_download else "Every parcel has left. Nothing is to do.",
        CANCELLED: "Cancelled. Nothing of it will be sent.",
        REFUNDED: "The whole sum went back to the customer.",
    }.get(order.status, "")
