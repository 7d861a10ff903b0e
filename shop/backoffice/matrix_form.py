"""The form of a product's matrix: its choices with their values, and what all new variants have in common."""

from contextlib import suppress
from itertools import takewhile
from typing import Any, Final

from django import forms
from django.db.models import Q
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord
from unfold import widgets

from catalog.gtin import WrongGtin, read_gtin
from catalog.importing.naming import make_handle
from catalog.matrix.choices import (
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_VARIANTS,
    Choice,
    MatrixRefused,
    read_values,
    write_values,
)
from catalog.matrix.combining import Matrix, axes_of, combine, is_sold_alone, present_values
from catalog.pricing.showing import adds_tax
from catalog.search.facets import natural_key
from catalog.variant_options import MOST_CHOICES
from checkout.tax.records import TaxRate
from shop.backoffice.sellable_form import money_field

LONGEST_LIST: Final = 20_000
LONGEST_BEGINNING: Final = 60


class MatrixForm(forms.Form):
    """Cleans to `matrix`. The choices that the product has keep their names; further ones may be added below them."""

    sku_beginning = forms.CharField(
        label="SKUs begin with", max_length=LONGEST_BEGINNING, required=False, widget=widgets.UnfoldAdminTextInputWidget
    )
    price = money_field(label="Price", required=False)
    gtin_from = forms.CharField(
        label="GTINs from", required=False, max_length=40, widget=widgets.UnfoldAdminTextInputWidget
    )
    tax_class = forms.ChoiceField(initial="standard", widget=widgets.UnfoldAdminSelectWidget)
    weight_kg = forms.DecimalField(
        label="Weight in kg", required=False, min_value=0, max_digits=9, decimal_places=3,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    is_public = forms.BooleanField(
        label="Shown in the shop", required=False, initial=True, widget=widgets.UnfoldBooleanWidget
    )
    reason = forms.CharField(
        max_length=200, initial="New variants", widget=widgets.UnfoldAdminTextInputWidget,
        help_text="Stands in the price history and in the audit log.",
    )  # fmt: skip

    def __init__(self, product: Product, data: Any = None, *, may_price: bool = True) -> None:
        self.product, self.axes = product, axes_of(product)
        self.matrix: Matrix | None = None
        held = present_values(product, self.axes)
        self.is_alone = is_sold_alone(product)
        self.present_count = len(held) or int(self.is_alone)
        super().__init__(data, use_required_attribute=False)
        for place in range(MOST_CHOICES):
            self._add_slot(place, sorted_values(held.values(), place))
        self.fields["sku_beginning"].initial = beginning_of(product)
        names = dict.fromkeys(["standard", *TaxRate.objects.order_by("tax_class").values_list("tax_class", flat=True)])
        self.fields["tax_class"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        if (turns := adds_tax()) is not None:
            self.fields["price"].label = "Price without tax" if turns else "Price with tax"
        self.fields["price"].disabled = not may_price

    def _add_slot(self, place: int, values: list[str]) -> None:
        axis = self.axes[place] if place < len(self.axes) else None
        self.fields[f"name_{place}"] = forms.CharField(
            label="Name", max_length=LONGEST_NAME, required=False, initial=axis.name if axis else "",
            disabled=axis is not None, widget=widgets.UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        )  # fmt: skip
        self.fields[f"values_{place}"] = forms.CharField(
            label=f"Values of {axis.name}" if axis else "Values", max_length=LONGEST_LIST, required=False, strip=False,
            initial=write_values(values), widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        )  # fmt: skip
        if axis is None and self.present_count:
            self.fields[f"present_{place}"] = forms.CharField(
                label=f"The present {'one is' if self.present_count == 1 else 'ones are'}", max_length=LONGEST_VALUE,
                required=False, widget=widgets.UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
            )  # fmt: skip

    def slots(self) -> list[list[Any]]:
        """The fields of each choice."""
        kinds = ("name", "values", "present")
        return [
            [self[f"{kind}_{place}"] for kind in kinds if f"{kind}_{place}" in self.fields]
            for place in range(MOST_CHOICES)
        ]

    def common_fields(self) -> list[Any]:
        return [self[name] for name in ("tax_class", "weight_kg", "reason", "is_public")]

    def fill_down(self) -> list[Any]:
        """What all new variants share; kept in the form while there is no table to show it in."""
        return [*self.common_fields(), *(self[name] for name in ("sku_beginning", "price", "gtin_from"))]

    def look_at_present(self) -> None:
        """The combinations of the values that there are, before anybody has typed anything."""
        values = [read_values(self[f"values_{place}"].value()) for place in range(len(self.axes))]
        choices = [Choice(name=axis.name, values=own) for axis, own in zip(self.axes, values, strict=True)]
        if choices and all(values):
            with suppress(MatrixRefused):
                self.matrix = combine(self.product, choices)

    def clean_gtin_from(self) -> str:
        try:
            return read_gtin(self.cleaned_data["gtin_from"]) if self.cleaned_data["gtin_from"].strip() else ""
        except WrongGtin as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        choices = [choice for place in range(MOST_CHOICES) if (choice := self._read_choice(place))]
        if not self.errors:
            try:
                self.matrix = combine(self.product, choices)
            except MatrixRefused as refusal:
                self.add_error(None, str(refusal))
        return self.cleaned_data

    def _read_choice(self, place: int) -> Choice | None:
        said = {kind: self.cleaned_data.get(f"{kind}_{place}") or "" for kind in ("name", "values", "present")}
        name = " ".join(said["name"].split())
        if not name and (said["values"].strip() or said["present"].strip()):
            self.add_error(f"name_{place}", "What is this choice called? For example Size.")
        if not name:
            return None
        try:
            values = read_values(said["values"])
        except MatrixRefused as refusal:
            self.add_error(f"values_{place}", str(refusal))
            return None
        present = " ".join(said["present"].split())
        return Choice(name=name, values=values or ((present,) if present else ()), present=present)


def sorted_values(held: Any, place: int) -> list[str]:
    """As the shopper sees them: sizes and other figures in their natural order."""
    values = list(dict.fromkeys(own[place] for own in held if place < len(own) and own[place]))
    return sorted(values, key=natural_key) if all(value[:1].isdigit() for value in values) else values


def beginning_of(product: Product) -> str:
    """What the SKUs of its variants have in common, to the last hyphen; the title in capitals else."""
    records = StockRecord.objects.filter(Q(product=product) | Q(product__parent=product))
    skus = list(records.values_list("partner_sku", flat=True)[:MOST_VARIANTS])
    parts = zip(*(sku.split("-") for sku in skus), strict=False)
    common = "-".join(same[0] for same in takewhile(lambda same: len(set(same)) == 1, parts))
    return common.strip("-")[:LONGEST_BEGINNING] or make_handle(product.title).upper()[:24].strip("-")
