"""Who orders: an e-mail address, perhaps a phone number. No password, no account."""

from django import forms


class ContactForm(forms.Form):
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
