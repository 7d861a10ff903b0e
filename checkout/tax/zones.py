"""Where a parcel goes, as a tax office sees it: a country, or a part of it that has rules of its own."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet

from checkout.tax.nexus import STATES_DECIDE
from checkout.tax.records import TaxZone
from checkout.tax.rounding import Rounding
from shop.written_once import given, written_once


@dataclass(frozen=True, slots=True)
class Place:
    """`code` is what rates are looked up by first: that of a zone, or the country's (ISO 3166-1)."""

    code: str
    country: str
    is_outside: bool = False
    rounding: Rounding = Rounding.LINE
    is_unsure: bool = False
    """An address of no known state, in a country whose states have each a tax of their own."""

    @property
    def state(self) -> str:
        """`US-CA` for Los Angeles, known as US-CA-LA."""
        return "-".join(self.code.split("-")[:2])


def find_place(*, country: str, postcode: str = "") -> Place:
    """The zone with the longest matching postcode, else the one of the whole country, else the country. One query."""
    typed = postcode.upper().replace(" ", "").replace("-", "")
    place = Place(code=country, country=country, is_unsure=country in STATES_DECIDE)
    best = -1
    for code, postcodes, is_outside, rounding in _zones.ask(country=country):
        length = max((_match(one, typed) for one in postcodes), default=0)
        if (length or not postcodes) and length > best:
            best = length
            place = Place(code=code, country=country, is_outside=is_outside, rounding=Rounding(rounding))
    return place


@written_once
def _zones() -> QuerySet[Any, Any]:
    zones = TaxZone.objects.filter(country=given("country", CharField())).order_by("code")
    return zones.values_list("code", "postcodes", "is_outside", "rounding")


def _match(entry: str, typed: str) -> int:
    """How many characters of a postcode an entry covers; 0 when it does not. An entry begins it, or is `9500-9980`."""
    first, _, last = entry.partition("-")
    begins = typed[: len(first)]
    if last:
        return len(first) if first <= begins <= last and len(begins) == len(first) else 0
    return len(first) if first and begins == first else 0
