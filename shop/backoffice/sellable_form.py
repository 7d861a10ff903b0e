"""The form of one thing that can be bought: SKU, price and stock; and the same as plain cells of a table."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord
from unfold import widgets

from catalog.gtin import WrongGtin, read_gtin
from catalog.pricing.showing import adds_tax
from shop.backoffice.amount_field import MoneyField
from shop.backoffice.kit_fields import KitFields
from shop.backoffice.product_sheet import Sellable

LONGEST_SKU = 128
STACKS = [
    ["sku", "gtin"],
    ["price", "compare_at"],
    ["weight_kg", "tax_class"],
    ["is_public"],
    ["components", "kit_percent_off"],
]


def money_field(**options: Any) -> forms.DecimalField:
    return MoneyField(
        min_value=Decimal(0), max_digits=12, decimal_places=2, widget=widgets.UnfoldAdminDecimalFieldWidget, **options
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is text, number, check or choice."""

    name: str
    label: str
    kind: str
    value: Any
    options: list[tuple[Any, Any]]
    errors: list[str]
    is_disabled: bool


def _cell(form: forms.Form, name: str) -> Cell:
    bound = form[name]
    made: Any = form.fields[name]
    is_choice = isinstance(made, forms.ChoiceField)
    kind = "check" if isinstance(made, forms.BooleanField) else "choice" if is_choice else "text"
    if isinstance(made, forms.DecimalField | forms.IntegerField):
        kind = "number"
    value = bound.value()
    return Cell(
        name=bound.html_name,
        label=str(bound.label),
        kind=kind,
        value="" if value is None else value,
        options=list(made.choices) if is_choice else [],
        errors=[str(error) for error in form.errors.get(name, [])] if form.is_bound else [],
        is_disabled=made.disabled,
    )


class SellableForm(KitFields):
    """SKU, price and stock of one thing; `count_<location id>` sets the units on hand there."""

    sku = forms.CharField(label="SKU", max_length=LONGEST_SKU, widget=widgets.UnfoldAdminTextInputWidget)
    gtin = forms.CharField(label="GTIN", required=False, max_length=40, widget=widgets.UnfoldAdminTextInputWidget)
    price = money_field(required=False)
    compare_at = money_field(required=False, label="Former price")
    tax_class = forms.ChoiceField(widget=widgets.UnfoldAdminSelectWidget)
    weight_kg = forms.DecimalField(
        label="Weight in kg", required=False, min_value=Decimal(0), max_digits=9, decimal_places=3,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    is_public = forms.BooleanField(label="Shown", required=False, initial=True, widget=widgets.UnfoldBooleanWidget)

    def __init__(self, sellable: Sellable, tax_classes: list[str], data: Any = None) -> None:
        self.sellable = sellable
        product = sellable.product
        initial = {
            "sku": sellable.record.partner_sku if sellable.record is not None else "",
            "gtin": product.upc or "" if product is not None else "",
            "price": sellable.price,
            "compare_at": sellable.compare_at,
            "tax_class": sellable.tax_class,
            "weight_kg": sellable.weight_kg,
            "components": sellable.components,
            "kit_percent_off": sellable.kit_percent_off,
            "is_public": product.is_public if product is not None else True,
        }
        super().__init__(
            data,
            initial=initial,
            prefix=sellable.prefix,
            empty_permitted=product is None,
            use_required_attribute=False,
        )
        turns = adds_tax()
        if turns is not None:
            self.fields["price"].label = "Price without tax" if turns else "Price with tax"
        names = dict.fromkeys([*tax_classes, sellable.tax_class])
        self.fields["tax_class"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        for code, value in sellable.values.items():
            self.fields[f"axis_{code}"] = forms.CharField(
                label=sellable.axis_names[code], max_length=60, initial=value, widget=widgets.UnfoldAdminTextInputWidget
            )
        for shelf in sellable.shelves:
            self.fields[f"count_{shelf.location.pk}"] = forms.IntegerField(
                label=f"On hand, {shelf.location.name}",
                required=False,
                min_value=0,
                max_value=1_000_000,
                initial=shelf.on_hand,
                widget=widgets.UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
            )

    def axis_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("axis_")]

    def count_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("count_")]

    def columns(self) -> list[list[Cell]]:
        """Every field as a plain input: a table of five hundred variants has no time for a template each.

        What belongs together stands below each other, so that the table is as wide as a screen.
        """
        return [[_cell(self, name) for name in names] for names in self.column_names()]

    def column_names(self) -> list[list[str]]:
        axes = [[name] for name in self.fields if name.startswith("axis_")]
        # Counts at the end: the row for one more variant has none, and its cells stand under their headings.
        counts = [name for name in self.fields if name.startswith("count_")]
        return [*axes, *STACKS, *(counts[place : place + 2] for place in range(0, len(counts), 2))]

    def headings(self) -> list[list[str]]:
        return [[str(self[name].label) for name in names] for names in self.column_names()]

    def clean_gtin(self) -> str:
        text = self.cleaned_data["gtin"]
        if not text or "gtin" not in self.changed_data:
            return text
        try:
            digits = read_gtin(text)
        except WrongGtin as problem:
            raise forms.ValidationError(str(problem)) from problem
        own = self.sellable.product.pk if self.sellable.product is not None else None
        if Product.objects.filter(upc=digits).exclude(pk=own).exists():
            raise forms.ValidationError(
                "Another product has this GTIN. A GTIN belongs to one thing that is sold; correct one of the two."
            )
        return digits

    def clean_sku(self) -> str:
        sku = self.cleaned_data["sku"].strip()
        if "sku" not in self.changed_data:
            return sku
        taken = StockRecord.objects.filter(partner_sku=sku)
        if self.sellable.record is not None:
            taken = taken.exclude(pk=self.sellable.record.pk)
        if taken.exists():
            raise forms.ValidationError(f"The SKU {sku} belongs to another product; every SKU is used once.")
        return sku
