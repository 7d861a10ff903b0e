"""The form of a prepared order: for whom, what, and what was agreed."""

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from checkout.basket.limits import MAX_QUANTITY

LONGEST_DAYS = 60
DIGITS = 4


class PrepareForm(forms.Form):
    """`may_discount`: without that right the discount is not asked for, and not taken from who sends it all the same."""

    email = forms.EmailField(max_length=254, widget=UnfoldAdminTextInputWidget, help_text="Gets the link.")
    phone = forms.CharField(max_length=32, required=False, widget=UnfoldAdminTextInputWidget)
    lines = forms.CharField(
        label="What",
        max_length=5000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="One thing a row: the SKU, then how many. Without a number it is one.",
    )
    days = forms.IntegerField(
        label="The link works for days",
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=7,
        widget=UnfoldAdminTextInputWidget,
    )
    discount_percent = forms.DecimalField(
        label="Discount in percent",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text="On these things only. Kept in the audit log with its reason.",
    )
    reason = forms.CharField(max_length=250, required=False, widget=UnfoldAdminTextInputWidget, label="Reason of it")

    def __init__(self, *args: Any, may_discount: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_discount:
            del self.fields["discount_percent"], self.fields["reason"]

    def clean_lines(self) -> list[tuple[str, int]]:
        rows = [row.split() for row in self.cleaned_data["lines"].splitlines() if row.strip()]
        return [_read(row) for row in rows]

    def clean_discount_percent(self) -> Decimal:
        return self.cleaned_data.get("discount_percent") or Decimal(0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("discount_percent") and not data.get("reason", "").strip():
            self.add_error("reason", "Say why, in a few words: a discount needs a reason.")
        return data


def _read(row: list[str]) -> tuple[str, int]:
    if len(row) == 1:
        return row[0], 1
    quantity = row[-1]
    is_number = quantity.isascii() and quantity.isdigit() and len(quantity) <= DIGITS
    if not is_number or not 1 <= int(quantity) <= MAX_QUANTITY:
        raise forms.ValidationError(f"{' '.join(row)[:80]}: write the SKU and a number from 1 to {MAX_QUANTITY}.")
    return " ".join(row[:-1]), int(quantity)
