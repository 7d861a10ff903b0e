"""Count, receive and write off at one location: through the ledger, never by editing a number."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from inventory.ledger import Entry, count_stock, receive_stock, write_off
from inventory.models import StockLevel
from shop.backoffice.acts import Act, ReasonForm

LARGEST = 1_000_000


class UnitsForm(ReasonForm):
    quantity = forms.IntegerField(
        label="Units",
        min_value=0,
        max_value=LARGEST,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
    )
    field_order = ("quantity", "reason", "key")


class SomeUnitsForm(UnitsForm):
    quantity = forms.IntegerField(
        label="Units",
        min_value=1,
        max_value=LARGEST,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
    )


def _entry(level: StockLevel, actor: Any, data: Mapping[str, Any]) -> Entry:
    return Entry(
        stock_record_id=level.stock_record_id,
        location_code=level.location.code,
        actor_name=str(actor),
        reason=data["reason"],
        reference="back office",
        idempotency_key=f"desk:{data['key']}",
    )


def _name(level: StockLevel) -> str:
    return f"{level.stock_record.product.get_title()} ({level.stock_record.partner_sku}) at {level.location}"


def build_count(level: StockLevel, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        movement = count_stock(_entry(level, actor, data), quantity=data["quantity"])
        if movement is None:
            return "The count agrees with the ledger; nothing was written."
        return f"Counted: {movement.on_hand_after} on hand ({movement.quantity_delta:+d})."

    return Act(
        title=f"Count {level.stock_record.partner_sku}",
        permission="backoffice.move_stock",
        sentences=[
            f"{_name(level)}: the ledger says {level.on_hand} on hand, {level.allocated} of them promised.",
            "Enter what you counted on the shelf. The difference becomes a movement with your name.",
        ],
        button="Set the count",
        form=UnitsForm,
        do=do,
        back=back,
        initial={"quantity": level.on_hand},
        action="count stock",
        subject=("stocklevel", level.pk),
    )


def build_receipt(level: StockLevel, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        movement = receive_stock(_entry(level, actor, data), quantity=data["quantity"])
        return f"Received {movement.quantity_delta}; {movement.on_hand_after} on hand."

    return Act(
        title=f"Receive {level.stock_record.partner_sku}",
        permission="backoffice.move_stock",
        sentences=[f"{_name(level)}: {level.on_hand} on hand.", "Enter how many units came in."],
        button="Receive",
        form=SomeUnitsForm,
        do=do,
        back=back,
        action="receive stock",
        subject=("stocklevel", level.pk),
    )


def build_write_off(level: StockLevel, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        movement = write_off(_entry(level, actor, data), quantity=data["quantity"])
        return f"Written off {-movement.quantity_delta}; {movement.on_hand_after} on hand."

    return Act(
        title=f"Write off {level.stock_record.partner_sku}",
        permission="backoffice.move_stock",
        sentences=[
            f"{_name(level)}: {level.on_hand} on hand.",
            "Enter how many units were lost, broken or given away.",
        ],
        button="Write off",
        form=SomeUnitsForm,
        do=do,
        back=back,
        is_costly=True,
        action="write off stock",
        subject=("stocklevel", level.pk),
    )


STOCK_ACTS: Mapping[str, Callable[[StockLevel, Any, str], Act]] = {
    "count": build_count,
    "receive": build_receipt,
    "write-off": build_write_off,
}
