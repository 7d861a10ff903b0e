"""The first form of a product: its name, its class, and what its variants differ in."""

from django import forms
from oscar.apps.catalogue.models import ProductClass
from unfold import widgets

from catalog.importing.naming import make_code


class NewProductForm(forms.Form):
    title = forms.CharField(max_length=255, widget=widgets.UnfoldAdminTextInputWidget)
    product_class = forms.ModelChoiceField(
        queryset=ProductClass.objects.order_by("name"), widget=widgets.UnfoldAdminSelectWidget
    )
    choices = forms.CharField(
        label="Comes in",
        required=False,
        max_length=120,
        widget=widgets.UnfoldAdminTextInputWidget,
        help_text="For a product with variants, what tells them apart: Colour, Size. Empty for a product on its own.",
    )

    def clean_choices(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["choices"].split(",") if name.strip()]
        if len(names) > 3:
            raise forms.ValidationError("At most three choices, for example: Colour, Size.")
        if len({make_code(name) for name in names}) != len(names):
            raise forms.ValidationError("Each choice needs a name of its own.")
        return names
