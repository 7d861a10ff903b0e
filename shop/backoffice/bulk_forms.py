"""What a bulk edit asks: one form for each kind of change."""

from collections.abc import Mapping
from typing import Any

from django import forms
from oscar.apps.catalogue.models import Category
from unfold import widgets

from catalog.bulk.prices import ENDINGS
from catalog.bulk.shelving import STANDINGS
from checkout.tax.records import TaxRate

WAYS = (("percent", "by percent"), ("amount", "by an amount"), ("set", "to one price"))
IN_OUT = (("add", "put in"), ("remove", "take out"))


def _select(choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, widget=widgets.UnfoldAdminSelectWidget)


class BulkForm(forms.Form):
    """`choices` is what the kind of change reads."""

    reason = forms.CharField(
        max_length=120,
        widget=widgets.UnfoldAdminTextInputWidget,
        help_text="Stands in the audit log and, for prices, in the price history.",
        error_messages={"required": "Say why, in a few words."},
    )

    @property
    def choices(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class PricesForm(BulkForm):
    way = _select(WAYS)
    value = forms.DecimalField(
        max_digits=12, decimal_places=4, widget=widgets.UnfoldAdminTextInputWidget, help_text="5 raises, -5 lowers."
    )
    ending = _select([(ending, ending or "as it comes") for ending in ENDINGS])
    keeps_margin = forms.BooleanField(
        label="Leave out what would fall below its cost",
        required=False,
        initial=True,
        widget=widgets.UnfoldBooleanSwitchWidget,
    )

    field_order = ("way", "value", "ending", "keeps_margin", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ending"].required = False

    @property
    def choices(self) -> dict[str, Any]:
        found = super().choices
        return {**found, "value": f"{found['value']:f}"}


class StandingForm(BulkForm):
    standing = _select([(one, one) for one in STANDINGS])
    field_order = ("standing", "reason")


class CategoryForm(BulkForm):
    act = _select(IN_OUT)
    category = forms.ModelChoiceField(
        queryset=Category.objects.order_by("path"), widget=widgets.UnfoldAdminSelectWidget
    )
    field_order = ("act", "category", "reason")

    @property
    def choices(self) -> dict[str, Any]:
        found = super().choices
        return {**found, "category": found["category"].pk}


class TaxClassForm(BulkForm):
    tax_class = _select(())
    field_order = ("tax_class", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = list(TaxRate.objects.order_by("tax_class").values_list("tax_class", flat=True).distinct())
        self.fields["tax_class"].choices = [(name, name) for name in self.known]  # type: ignore[attr-defined]

    @property
    def choices(self) -> dict[str, Any]:
        return {**super().choices, "known": self.known}


class TagsForm(BulkForm):
    act = _select((("add", "add"), ("remove", "take away")))
    tags = forms.CharField(
        max_length=400, widget=widgets.UnfoldAdminTextInputWidget, help_text="Several with commas between."
    )
    field_order = ("act", "tags", "reason")

    def clean_tags(self) -> list[str]:
        return [tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()]


FORMS: Mapping[str, type[BulkForm]] = {
    "prices": PricesForm,
    "standing": StandingForm,
    "category": CategoryForm,
    "tax_class": TaxClassForm,
    "tags": TagsForm,
}
