"""Where it goes: a form that follows the country. Everything typed is kept; nothing but form is checked."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from checkout.steps.address_rules import AddressRules, rules_of

TOKENS = {
    "country": "shipping country",
    "first_name": "shipping given-name",
    "last_name": "shipping family-name",
    "line1": "shipping address-line1",
    "line2": "shipping address-line2",
    "postcode": "shipping postal-code",
    "city": "shipping address-level2",
    "district": "shipping address-level3",
    "region": "shipping address-level1",
}
REQUIRED = {
    "first_name": "Please give the first name of who receives it.",
    "last_name": "Please give the last name of who receives it.",
    "line1": "Please give street and house number.",
}
LONGEST = 100


class AddressForm(forms.Form):
    """Fields: country, names, street, then what the country's addresses have, in its order."""

    country = forms.ChoiceField(label="Country")
    first_name = forms.CharField(label="First name", max_length=LONGEST)
    last_name = forms.CharField(label="Last name", max_length=LONGEST)
    line1 = forms.CharField(label="Street and number", max_length=LONGEST)
    line2 = forms.CharField(label="Flat, floor, company", max_length=LONGEST, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        countries: list[tuple[str, str]],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["country"].choices = countries  # type: ignore[attr-defined]
        self.rules = rules_of(self._country(countries))
        self.initial.setdefault("country", self.rules.country)
        for name in self.rules.fields:
            self.fields[name] = self._local_field(name)
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = TOKENS[name]
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name]
        self.fields["country"].error_messages["invalid_choice"] = (
            "We do not send there yet. Please choose from the list."
        )
        # With script, another country asks for its own fields at once; without, the answer to this form does.
        self.fields["country"].widget.attrs.update(
            {"hx-post": "/checkout/address/country/", "hx-trigger": "change", "hx-include": "closest form"}
        )

    def _country(self, countries: list[tuple[str, str]]) -> str:
        served = [code for code, _ in countries]
        wanted = str(self.data.get("country") or self.initial.get("country") or settings.SHOP_COUNTRY)
        if wanted in served:
            return wanted
        return settings.SHOP_COUNTRY if settings.SHOP_COUNTRY in served or not served else served[0]

    def _local_field(self, name: str) -> forms.Field:
        rules = self.rules
        field = forms.CharField(label=rules.labels[name], max_length=LONGEST, required=name in rules.required)
        field.error_messages["required"] = f"Addresses in this country need a {rules.labels[name].lower()}."
        if name == "region" and rules.regions:
            field.widget = forms.Select(choices=self._region_choices(rules))
        if name == "postcode":
            field.max_length = 20
            if rules.postcode_example:
                field.help_text = f"For example {rules.postcode_example}"
        return field

    def _region_choices(self, rules: AddressRules) -> list[tuple[str, str]]:
        """The list is a help: a region that is not in it stays as it was typed."""
        typed = str(self.data.get("region") or self.initial.get("region") or "")
        known = {value for value, _ in rules.regions}
        other = [(typed, typed)] if typed and rules.read_region(typed) not in known else []
        return [("", "Please choose"), *other, *rules.regions]

    def clean_postcode(self) -> str:
        typed = str(self.cleaned_data.get("postcode", ""))
        found = self.rules.read_postcode(typed)
        if found is None:
            example = f", like {self.rules.postcode_example}" if self.rules.postcode_example else ""
            raise forms.ValidationError(f"That does not have the form of a {self.rules.labels['postcode']}{example}.")
        return found

    def clean_region(self) -> str:
        return self.rules.read_region(str(self.cleaned_data.get("region", "")))

    def address(self) -> dict[str, str]:
        """All fields as stored; those that the country does not have are empty."""
        return {name: str(self.cleaned_data.get(name, "") or "") for name in TOKENS}


def describe_address(address: Mapping[str, str], *, country: str) -> list[str]:
    """Lines of the address in the order of its country; `country` is its name."""
    order = [address.get(name, "") for name in rules_of(address["country"]).fields]
    name = f"{address.get('first_name', '')} {address.get('last_name', '')}".strip()
    place = " ".join(part for part in order if part)
    return [line for line in (name, address.get("line1", ""), address.get("line2", ""), place, country) if line]
