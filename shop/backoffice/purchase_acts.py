"""Place, move, cancel and close a purchase order: each says what follows."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from inventory.purchasing.ordering import cancel_purchase, change_expected_date, close_purchase, place_purchase
from inventory.purchasing.records import PurchaseOrder
from shop.backoffice.acts import Act, ReasonForm

WRITE = "inventory.change_purchaseorder"


class DayForm(ReasonForm):
    expected_on = forms.DateField(label="Expected on", widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}))
    field_order = ("expected_on", "reason", "key")


def build_placing(order: PurchaseOrder, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        placed = place_purchase(order.pk, actor=actor)
        return f"{placed.number} is placed; its units are expected on {placed.expected_on:%-d %B %Y}."

    units = sum(line.quantity for line in order.lines.all())
    return Act(
        title=f"Place {order.number}",
        permission=WRITE,
        sentences=[
            f"{units} units from {order.supplier}, delivered to {order.location}.",
            "Its lines are fixed from now on, and its units count as expected. Send it to the supplier as you always do.",
        ],
        button="Place the order",
        do=do,
        back=back,
    )


def build_new_day(order: PurchaseOrder, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        moved = change_expected_date(order.pk, expected_on=data["expected_on"], actor=actor, reason=data["reason"])
        return f"{moved.number} is expected on {moved.expected_on:%-d %B %Y}."

    return Act(
        title=f"Another day for {order.number}",
        permission=WRITE,
        sentences=["The day on which the supplier will deliver what is still outstanding."],
        button="Set the day",
        form=DayForm,
        do=do,
        back=back,
        initial={"expected_on": order.expected_on},
    )


def build_cancelling(order: PurchaseOrder, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        return f"{cancel_purchase(order.pk, actor=actor, reason=data['reason']).number} is cancelled."

    return Act(
        title=f"Cancel {order.number}",
        permission=WRITE,
        sentences=["Nothing of it is expected any more. Tell the supplier."],
        button="Cancel the order",
        form=ReasonForm,
        do=do,
        back=back,
    )


def build_closing(order: PurchaseOrder, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        return f"{close_purchase(order.pk, actor=actor, reason=data['reason']).number} is closed."

    return Act(
        title=f"Close {order.number}",
        permission=WRITE,
        sentences=["What has come stays. What has not come is given up and not expected any more."],
        button="Close the order",
        form=ReasonForm,
        do=do,
        back=back,
    )


PURCHASE_ACTS: Mapping[str, Callable[[PurchaseOrder, Any, str], Act]] = {
    "place": build_placing,
    "day": build_new_day,
    "cancel": build_cancelling,
    "close": build_closing,
}
