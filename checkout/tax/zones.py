"""Where a parcel goes, as a tax office sees it: a country, or a part of it that has rules of its own."""

from dataclasses import dataclass

from checkout.tax.nexus import STATES_DECIDE
from checkout.tax.records import TaxZone
from checkout.tax.rounding import Rounding


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
    best: tuple[int, TaxZone] | None = None
    for zone in TaxZone.objects.filter(country=country).order_by("code"):
        length = max((_match(one, typed) for one in zone.postcodes), default=0) if zone.postcodes else 0
        if (not zone.postcodes or length) and (best is None or length > best[0]):
            best = (length, zone)
    if best is None:
        return Place(code=country, country=country, is_unsure=country in STATES_DECIDE)
    zone = best[1]
    return Place(code=zone.code, country=country, is_outside=zone.is_outside, rounding=Rounding(zone.rounding))


def _match(entry: str, typed: str) -> int:
    """How many characters of a postcode an entry covers; 0 when it does not. An entry begins it, or is `9500-9980`."""
    first, _, last = entry.partition("-")
    begins = typed[: len(first)]
    if last:
        return len(first) if first <= begins <= last and len(begins) == len(first) else 0
    return len(first) if first and begins == first else 0
