"""The forms of a purchase order: what is ordered, row by row, and what came of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.conf import settings
from oscar.apps.partner.models import StockRecord
from unfold import widgets

from inventory.models import Location
from inventory.purchasing.ordering import MOST_UNITS, Draft, WantedLine, write_draft
from inventory.purchasing.receiving import Delivery, OpenLine
from inventory.purchasing.records import PurchaseOrder, Supplier
from shop.backoffice.amount_field import AmountField
from shop.money import ZERO, minor_unit

SPARE_ROWS: Final = 5
MOST_ROWS: Final = 300


def write_cost(amount: Decimal) -> str:
    """As a form shows it: the currency's decimals, and more only where they say something."""
    unit = minor_unit(settings.SHOP_CURRENCY)
    return str(amount.quantize(unit)) if not amount % unit else f"{amount.normalize():f}"


def amount_field(label: str, *, help_text: str = "", places: int = 3) -> forms.DecimalField:
    return AmountField(
        label=label, min_value=ZERO, max_digits=12, decimal_places=places, required=False, help_text=help_text,
        widget=widgets.UnfoldAdminDecimalFieldWidget(attrs={"inputmode": "decimal", "aria-label": label}),
    )  # fmt: skip


def units_field(label: str, *, low: int, initial: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=low, max_value=MOST_UNITS, required=False, initial=initial,
        widget=widgets.UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric", "aria-label": label}),
    )  # fmt: skip


class PurchaseForm(forms.Form):
    """Cleans to a `Draft`. A row has `sku_N`, `units_N`, `cost_N`; empty rows are left out."""

    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.filter(is_active=True), widget=widgets.UnfoldAdminSelectWidget
    )
    location = forms.ModelChoiceField(
        label="Deliver to", queryset=Location.objects.filter(is_active=True), widget=widgets.UnfoldAdminSelectWidget
    )
    expected_on = forms.DateField(
        label="Expected on", required=False, widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text="Empty: the supplier's usual days after the order is placed.",
    )  # fmt: skip
    freight = amount_field("Freight", help_text="As quoted for the whole order.")
    duty = amount_field("Duty", help_text="Import duty and fees, without import VAT.")
    note = forms.CharField(required=False, max_length=2000, widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 2}))
    rows = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, order: PurchaseOrder | None = None) -> None:
        lines = list(order.lines.select_related("stock_record")) if order else []
        super().__init__(data, initial=_initial(order), use_required_attribute=False)
        asked = str(data.get("rows", "")) if data else ""
        known = int(asked) if asked.isdecimal() and len(asked) < 5 else len(lines) + SPARE_ROWS
        self.row_count = min(known, MOST_ROWS)
        self.initial["rows"] = self.row_count
        for number in range(self.row_count):
            line = lines[number] if number < len(lines) else None
            self.fields[f"sku_{number}"] = forms.CharField(
                label=f"SKU, row {number + 1}", required=False, max_length=128,
                initial=line.stock_record.partner_sku if line else "",
                widget=widgets.UnfoldAdminTextInputWidget(
                    attrs={"autocomplete": "off", "aria-label": f"SKU, row {number + 1}"}
                ),
            )  # fmt: skip
            self.fields[f"units_{number}"] = units_field(
                f"Units, row {number + 1}", low=1, initial=line.quantity if line else None
            )
            cost = amount_field(f"Unit cost, row {number + 1}", places=4)
            cost.initial = write_cost(line.unit_cost) if line else None
            self.fields[f"cost_{number}"] = cost

    def table(self) -> Iterator[tuple[Any, Any, Any]]:
        for number in range(self.row_count):
            yield self[f"sku_{number}"], self[f"units_{number}"], self[f"cost_{number}"]

    def heads(self) -> Iterator[Any]:
        return (self[name] for name in ("supplier", "location", "expected_on", "freight", "duty", "note"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        filled = [number for number in range(self.row_count) if self._is_filled(number)]
        skus = {data.get(f"sku_{number}", "") for number in filled} - {""}
        found = {
            record.partner_sku: record
            for record in StockRecord.objects.filter(partner_sku__in=skus).select_related("detail").order_by("-pk")
        }
        data["lines"] = [line for number in filled if (line := self._read_row(number, data, found))]
        return data

    def _is_filled(self, number: int) -> bool:
        return any(self.data.get(f"{name}_{number}", "").strip() for name in ("sku", "units", "cost"))

    def _read_row(self, number: int, data: dict[str, Any], found: dict[str, StockRecord]) -> WantedLine | None:
        sku, units, cost = (data.get(f"{name}_{number}") for name in ("sku", "units", "cost"))
        record = found.get(sku or "")
        if record is None and f"sku_{number}" not in self.errors:
            self.add_error(
                f"sku_{number}", f"No product has the SKU “{sku}”." if sku else "Which product? Give its SKU."
            )
        if units is None and f"units_{number}" not in self.errors:
            self.add_error(f"units_{number}", "How many?")
        if cost is None and record is not None and f"cost_{number}" not in self.errors:
            cost = _stated_cost(record)
            if cost is None:
                self.add_error(f"cost_{number}", "What does one cost? The product states no cost.")
        if record is None or units is None or cost is None:
            return None
        return WantedLine(stock_record_id=record.pk, sku=record.partner_sku, quantity=units, unit_cost=cost)

    def write(self, *, order: PurchaseOrder | None, actor: Any) -> str:
        """The sentence to show; `saved` is the draft. Raises PurchaseRefused."""
        self.saved = write_draft(self._draft, actor=actor, order_id=order.pk if order else None)
        return f"{self.saved.number} is saved as a draft. Place it when it is complete."

    @property
    def _draft(self) -> Draft:
        data = self.cleaned_data
        return Draft(
            supplier_id=data["supplier"].pk,
            location_id=data["location"].pk,
            lines=data["lines"],
            expected_on=data["expected_on"],
            freight=data["freight"] or ZERO,
            duty=data["duty"] or ZERO,
            note=data["note"],
        )


def _initial(order: PurchaseOrder | None) -> dict[str, Any]:
    if order is None:
        first = Location.objects.filter(is_active=True).first()
        return {"location": first.pk if first else None}
    return {
        "supplier": order.supplier_id,
        "location": order.location_id,
        "expected_on": order.expected_on,
        "freight": write_cost(order.freight) if order.freight else None,
        "duty": write_cost(order.duty) if order.duty else None,
        "note": order.note,
    }


def _stated_cost(record: StockRecord) -> Decimal | None:
    detail = getattr(record, "detail", None)
    is_ours = record.price_currency == settings.SHOP_CURRENCY
    return detail.cost if detail is not None and is_ours else None


class DeliveryForm(forms.Form):
    """One delivery: `units_<line id>` came of each line; everything that is outstanding by default."""

    number = forms.CharField(
        label="Number of the delivery note", max_length=60,
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="The same number again is the same delivery: nothing is taken in twice.",
    )  # fmt: skip
    freight = amount_field("Freight of this delivery")
    duty = amount_field("Duty of this delivery", help_text="Both are shared out over the lines by their value.")
    note = forms.CharField(required=False, max_length=500, widget=widgets.UnfoldAdminTextInputWidget)
    keeps_more = forms.BooleanField(
        label="Keep units that came beyond the order", required=False, widget=widgets.UnfoldBooleanWidget
    )

    def __init__(
        self, data: Any = None, *, lines: list[OpenLine], freight: Decimal = ZERO, duty: Decimal = ZERO
    ) -> None:
        initial = {"freight": write_cost(freight) if freight else None, "duty": write_cost(duty) if duty else None}
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.lines = lines
        for one in lines:
            self.fields[f"units_{one.line.pk}"] = units_field(
                f"Units of {one.sku} that came", low=0, initial=one.outstanding
            )

    def field_of(self, line_id: int) -> Any:
        """What came of a line."""
        return self[f"units_{line_id}"]

    def heads(self) -> Iterator[Any]:
        return (self[name] for name in ("number", "freight", "duty", "note"))

    @property
    def delivery(self) -> Delivery:
        data = self.cleaned_data
        return Delivery(
            number=data["number"],
            units={one.line.pk: data[f"units_{one.line.pk}"] or 0 for one in self.lines},
            freight=data["freight"] or ZERO,
            duty=data["duty"] or ZERO,
            note=data["note"],
            keeps_more=data["keeps_more"],
        )
