"""A promised day moved or passed: every buyer who waits hears of it, and may cancel free of charge."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from oscar.apps.order.models import Line, Order

from checkout.orders.claims import order_of
from checkout.orders.late_links import make_late_link
from checkout.orders.mails import queue_mail
from checkout.orders.timeline import record_event
from checkout.orders.waiting import waiting_lines
from inventory.models import Backorder
from inventory.promises import write_day


def tell_of_slip(payload: Mapping[str, Any]) -> bool:
    """Handler of `backorder.slipped`; False when it was written before, or nothing of it waits any more."""
    order_id = order_of(payload["claim"])
    if order_id is None:
        return False
    order = Order.objects.select_related("user", "shipping_address__country", "billing_address__country").get(
        pk=order_id
    )
    late = Backorder.objects.filter(pk__in=payload["backorder_ids"]).values_list("pk", flat=True)
    waiting = waiting_lines(order_id)
    lines = [line_id for line_id, rows in waiting.items() if any(row.pk in late for row in rows)]
    if not lines:
        return False
    old = write_day(date.fromisoformat(payload["old"]))
    new = write_day(date.fromisoformat(payload["new"])) if payload["new"] else ""
    link = make_late_link(order_id)
    titles = list(Line.objects.filter(pk__in=lines).order_by("pk").values_list("title", flat=True))
    is_new = queue_mail(
        order,
        kind="order_delayed",
        key=payload["reference"],
        subject=f"Your order {order.number} is sent later" + (f": {new}" if new else ""),
        headline="It takes longer than we promised",
        sentence=f"We told you {old}. It will be {new}. We are sorry, and hope that you will wait."
        if new
        else f"We told you {old}, and it has not come in yet. As soon as we know the new day, we write to you. We are sorry.",
        extra={"delay": {"old": old, "new": new, "titles": titles, "cancel_url": link.url, "until": link.until}},
    )
    if is_new:
        record_event(
            order_id=order_id,
            kind="note",
            message=(f"The promised day moved from {old} to {new}" if new else f"The promised day, {old}, has passed")
            + f": {', '.join(titles)}.",
            data={"old": payload["old"], "new": payload["new"]},
        )
    return is_new


def note_arrival(payload: Mapping[str, Any]) -> None:
    """Handler of `backorder.filled`: the timeline says so, once for each delivery."""
    order_id = order_of(payload["claim"])
    if order_id is None:
        return
    order = Order.objects.get(pk=order_id)
    if not order.events.filter(data__arrival=payload["reference"]).exists():
        record_event(
            order_id=order_id,
            kind="shipment",
            message="What you waited for has come in; it is being packed.",
            data={"arrival": payload["reference"]},
        )
