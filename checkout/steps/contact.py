"""Who orders: an e-mail address, perhaps a phone number. No password, no account."""

from typing import Any

from django import forms

from checkout.tax.reverse_charge import is_offered
from checkout.tax.vat_id import VatId, WrongVatId, read_vat_id


class ContactForm(forms.Form):
    """The VAT id is only asked for where it can matter."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="For the confirmation and the link to your order. Nothing else, unless you ask for it.",
        error_messages={
            "required": "We need an address to send the confirmation to.",
            "invalid": "That is not a complete e-mail address, like ada@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    phone = forms.RegexField(
        regex=r"^[0-9+()/. -]*$",
        label="Phone",
        max_length=32,
        required=False,
        help_text="Only for the carrier, if the parcel needs it.",
        error_messages={"invalid": "A phone number has digits, spaces and + ( ) / . - only."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    vat_id = forms.CharField(
        label="VAT id",
        max_length=40,
        required=False,
        help_text="Only for companies in another EU country: when it is confirmed, no VAT is charged.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_offered():
            del self.fields["vat_id"]

    def clean_vat_id(self) -> VatId | None:
        typed = str(self.cleaned_data.get("vat_id", "")).strip()
        try:
            return read_vat_id(typed) if typed else None
        except WrongVatId as problem:
            raise forms.ValidationError(str(problem)) from problem
