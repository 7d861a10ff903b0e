"""What the shop asks of a source of tax rates. The table in the database is one; a service of tax rates can be another."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """A fraction (0.19 is 19 %), its name for the shopper, and the row it comes from (None: not from the table)."""

    tax_class: str
    rate: Decimal
    name: str
    rate_id: int | None


RatesByPlace = Mapping[str, Mapping[str, Rate]]
"""By the code of a country or zone, then by tax class."""


class RatesUnavailable(Exception):
    """The source cannot tell now. The next one is asked, and what that does not know either is not sold."""


class RateSource(Protocol):
    def rates(self, codes: Collection[str], *, on: date) -> RatesByPlace:
        """What is in force on that local date; a place without tax is left out. Raises RatesUnavailable.

        Asked for each quote, also inside transactions: never over the network. A service's answers are fetched before
        (when an address is typed) and kept; what is not there or too old is unavailable.
        """
        ...
