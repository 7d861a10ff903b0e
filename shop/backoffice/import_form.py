"""The form of an import: which file, what it holds, and what to do when a row is refused."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from unfold import widgets

from catalog.importing.detect import READERS
from catalog.importing.limits import MEGABYTE, Limits

KINDS: dict[str, tuple[str, str]] = {
    "products": ("Products", "catalogue.change_product"),
    "prices": ("Prices", "backoffice.change_price"),
    "stock": ("Stock counts", "backoffice.move_stock"),
    "customers": ("Customers", "accounts.change_user"),
    "redirects": ("Redirects", "redirects.change_redirect"),
}
"""What a file may hold: its word, and the right that its import needs."""


def kinds_for(user: Any) -> dict[str, str]:
    """The words of what this person may import; empty when they may not look at imports at all."""
    if not user.has_perm("catalog.view_importrun"):
        return {}
    return {kind: words for kind, (words, right) in KINDS.items() if user.has_perm(right)}


class ImportForm(forms.Form):
    file = forms.FileField(
        widget=widgets.UnfoldAdminFileFieldWidget,
        help_text="CSV, Excel (.xlsx, .xls) or JSON Lines. Delimiter, encoding and decimal comma are found out.",
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )
    kind = forms.ChoiceField(label="It holds", widget=widgets.UnfoldAdminSelectWidget)
    format_name = forms.ChoiceField(
        label="Written by",
        choices=[("auto", "Find out"), *((name, name.capitalize()) for name in READERS)],
        widget=widgets.UnfoldAdminSelectWidget,
        help_text="Only files of products come in more than our own format.",
    )
    aborts = forms.BooleanField(
        label="All rows or none",
        required=False,
        widget=widgets.UnfoldBooleanWidget,
        help_text="Else the good rows are imported, and the refused ones are a file to correct and import again.",
    )
    fetches = forms.BooleanField(
        label="Fetch pictures",
        required=False,
        widget=widgets.UnfoldBooleanWidget,
        help_text="From the public web addresses in a file of products. Takes a while when there are many.",
    )

    def __init__(self, *args: Any, kinds: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds.items())  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        most = Limits().file_bytes
        if (file.size or 0) > most:
            raise forms.ValidationError(
                f"The file is larger than {most // MEGABYTE} MB. Split it and import the parts."
            )
        return file

    def clean_format_name(self) -> str:
        """Read before or after `kind`, so the other field is asked by its raw value."""
        return self.cleaned_data["format_name"] if self.data.get("kind") == "products" else "auto"
