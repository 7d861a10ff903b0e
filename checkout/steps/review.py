"""The last section: what is agreed to, and the figures that were shown, signed into the form."""

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.html import format_html, format_html_join

from checkout.payments.records import PaymentAttempt
from checkout.payments.transfer.account import is_offered
from checkout.quote.figures import Quote, digest_of
from checkout.shield.limits import HASTY_SECONDS
from checkout.terms import IMMEDIATE, TERMS

Provider = PaymentAttempt.Provider
PAYMENTS = (
    (Provider.CARD, "By card, on the page of our payment provider"),
    (Provider.TRANSFER, "By bank transfer; we begin with your order when the money has arrived"),
)
SALT = "checkout.steps.review"
LONGEST = 200_000
TRAP = "order_check"
"""A field that no person sees, so that only a program fills it in."""


# In new tabs: what was typed here stays as it is.
_READ = format_html(
    "{}. Each opens in a new tab.",
    format_html_join(
        ", ",
        '<a class="link" href="{}" target="_blank" rel="noopener">{}</a>',
        (
            ("/info/terms/", "Terms of sale"),
            ("/info/returns/", "Withdrawal and returns"),
            ("/info/privacy/", "Privacy"),
        ),
    ),
)


class ReviewForm(forms.Form):
    """`quote` carries what the page shows (see sign_shown); the tick boxes are the required consents.

    How to pay is asked only where there is a choice.
    """

    payment = forms.ChoiceField(label="How you pay", choices=PAYMENTS, required=False, widget=forms.RadioSelect)
    quote = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)
    terms = forms.BooleanField(label=TERMS.text, help_text=_READ, error_messages={"required": TERMS.refusal})

    def __init__(self, *args: Any, has_downloads: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment"].initial = Provider.CARD
        if not is_offered(settings.SHOP_CURRENCY):
            del self.fields["payment"]
        if has_downloads:
            self.fields[IMMEDIATE.code] = forms.BooleanField(
                label=IMMEDIATE.text, error_messages={"required": IMMEDIATE.refusal}
            )


def read_provider(value: str) -> str:
    """Anything but an offered transfer is a card."""
    wants_transfer = value == Provider.TRANSFER and is_offered(settings.SHOP_CURRENCY)
    return Provider.TRANSFER if wants_transfer else Provider.CARD


def sign_shown(quote: Quote) -> str:
    """The figures on the page, signed: on pressing the button they say what the shopper agreed to."""
    return signing.dumps(quote.shown(), salt=SALT, compress=True)


def read_shown(value: str) -> dict[str, Any] | None:
    """None for a value that is missing or not ours; then there is nothing that was agreed to."""
    if not value or len(value) > LONGEST:
        return None
    try:
        shown = signing.loads(value, salt=SALT)
    except signing.BadSignature:
        return None
    return shown if isinstance(shown, dict) else None


def is_hasty(value: str) -> bool:
    """Whether the page with these figures was drawn HASTY_SECONDS ago or later: nobody reads that fast."""
    try:
        signing.loads(value[:LONGEST], salt=SALT, max_age=HASTY_SECONDS)
    except signing.BadSignature:
        return False
    return True


def shown_digest(shown: dict[str, Any] | None) -> str:
    return digest_of(shown) if shown is not None else ""
