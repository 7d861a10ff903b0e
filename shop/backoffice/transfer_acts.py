"""What is done with a transfer: sent, received whole or in part, closed with what is missing, given up."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from inventory.models import Transfer
from inventory.transfers import cancel_transfer, close_transfer, receive_transfer, send_transfer
from shop.backoffice.acts import Act, PlainForm, ReasonForm
from shop.backoffice.moving import MOVE


def build_send(transfer: Transfer, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        send_transfer(transfer.pk, actor_name=str(actor))
        return (
            f"Sent. The units have left {transfer.origin}, and are on no shelf until {transfer.destination} has them."
        )

    return Act(
        title=f"Send {transfer}",
        permission=MOVE,
        sentences=[
            f"The units leave the shelf at {transfer.origin} now; they can be sold again when {transfer.destination} has"
            " received them.",
        ],
        button="They have left",
        do=do,
        back=back,
        action="send transfer",
        subject=("transfer", transfer.pk),
    )


def build_receive(transfer: Transfer, actor: Any, back: str) -> Act:
    lines = [line for line in transfer.lines.select_related("stock_record__product__parent") if line.in_transit]

    def make_form(*args: Any, **options: Any) -> forms.Form:
        form = PlainForm(*args, **options)
        for line in lines:
            form.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=f"{line.stock_record.partner_sku}, {line.stock_record.product.get_title()}",
                min_value=0,
                max_value=1_000_000,
                required=False,
                widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
                help_text=f"{line.in_transit} are on the way.",
            )
        form.fields["reason"] = forms.CharField(
            required=False,
            max_length=250,
            widget=UnfoldAdminTextInputWidget,
            help_text="Only when more arrived than was sent.",
        )
        return form

    def do(data: Mapping[str, Any]) -> str:
        arrived = {line.pk: data[f"line-{line.pk}"] or 0 for line in lines}
        after = receive_transfer(
            transfer.pk, arrived=arrived, reason=data["reason"], actor_name=str(actor), key=data["key"]
        )
        rest = sum(line.in_transit for line in after.lines.all())
        return f"Received. {rest} units are still on the way." if rest else "Received; nothing is on the way any more."

    return Act(
        title=f"Receive {transfer} at {transfer.destination}",
        permission=MOVE,
        sentences=["Enter what has really arrived. What did not stays on the way, and can come later."],
        button="Put on the shelf",
        form=make_form,
        do=do,
        back=back,
        initial={f"line-{line.pk}": line.in_transit for line in lines},
        action="receive transfer",
        subject=("transfer", transfer.pk),
    )


def build_close(transfer: Transfer, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        close_transfer(transfer.pk, reason=data["reason"], actor_name=str(actor))
        return "Closed. What was missing is written down."

    missing = sum(line.in_transit for line in transfer.lines.all())
    return Act(
        title=f"Close {transfer}",
        permission=MOVE,
        sentences=[f"{missing} units have not arrived. They are written off with your reason, and come onto no shelf."],
        button="Nothing more will come",
        form=ReasonForm,
        do=do,
        back=back,
        is_costly=True,
        action="close transfer",
        subject=("transfer", transfer.pk),
    )


def build_cancel(transfer: Transfer, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        cancel_transfer(transfer.pk)
        return "Given up; nothing had moved."

    return Act(
        title=f"Give up {transfer}",
        permission=MOVE,
        sentences=["It was not sent, so nothing has moved."],
        button="Give it up",
        do=do,
        back=back,
        action="cancel transfer",
        subject=("transfer", transfer.pk),
    )


TRANSFER_ACTS: Mapping[str, Callable[[Transfer, Any, str], Act]] = {
    "send": build_send,
    "receive": build_receive,
    "close": build_close,
    "cancel": build_cancel,
}
