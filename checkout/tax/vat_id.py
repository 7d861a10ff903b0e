"""VAT ids as they are written: the form and check digits of each member state, offline (python-stdnum)."""

from dataclasses import dataclass

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

GREECE = {"EL": "GR"}
"""Prefixes that are not the country's ISO code."""


class WrongVatId(ValueError):
    """The message is a sentence for the shopper."""


@dataclass(frozen=True, slots=True)
class VatId:
    """`text` with its prefix and without spaces: DE136695976. `country` is the ISO code (GR for EL)."""

    text: str

    @property
    def prefix(self) -> str:
        return self.text[:2]

    @property
    def number(self) -> str:
        return self.text[2:]

    @property
    def country(self) -> str:
        return GREECE.get(self.prefix, self.prefix)


def read_vat_id(typed: str) -> VatId:
    """Raises WrongVatId."""
    text = typed.strip()[:40]
    if text[:2].upper() == "GR":
        text = f"EL{text[2:]}"
    try:
        found = str(vat.validate(text))
    except ValidationError as problem:
        raise WrongVatId(
            "This is not a VAT id of a member state of the EU. It begins with the country, like DE136695976; please"
            " check it, or leave the field empty."
        ) from problem
    if found[:2] == "GR":
        found = f"EL{found[2:]}"
    return VatId(found)
