"""The fields of a product's page that make a SKU a kit."""

from decimal import Decimal

from django import forms
from unfold import widgets


class KitFields(forms.Form):
    components = forms.CharField(
        label="Parts of a kit", required=False, max_length=5000, widget=widgets.UnfoldAdminTextInputWidget,
        help_text="Only for a kit: SKU*units, several joined by |, as CUP*2|POT*1. Its stock is that of its parts.",
    )  # fmt: skip
    kit_percent_off = forms.DecimalField(
        label="% off the parts", required=False, min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
        help_text="The kit's price follows its parts, less this. Empty: the price above.",
    )  # fmt: skip
