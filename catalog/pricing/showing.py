"""How an entered price reads: with tax or without it, as the settings PRICES_ENTERED and PRICES_INCLUDE_TAX say.

Where both agree a price is shown as it was entered, and nothing is asked. Otherwise each unit is turned once, at the rate
of its tax class in the shop's own country, half up to the minor unit: 10.00 entered without tax reads 11.90 at 19 %. What
is shown is what is multiplied, discounted, ordered and taxed (`checkout.quote.pricing`), so every page, feed and paper has
the same figure. The rates come from the room that knows them. What has no rate has no price: it cannot be sold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from django.conf import settings

from shop.money import round_money
from shop.page_cache.answers import keep_answer

GROSS: Final = "gross"
NET: Final = "net"

Rates = Mapping[str, Decimal]
"""Fractions (0.19 is 19 %) by tax class."""


class HomeRates(Protocol):
    """What the shop's own country takes."""

    def rates(self, *, at: datetime | None = None) -> Rates:
        """In force at an instant; None: now, by the database's clock."""
        ...

    def changes(self, *, since: datetime) -> Sequence[datetime]:
        """The instants after `since`, up to now, at which a rate begins or ends; in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One amount before it was turned: `entered` with or without tax, `rate` a fraction."""

    entered: Decimal
    rate: Decimal
    adds_tax: bool

    def result(self, currency: str) -> Decimal:
        exact = self.entered * (1 + self.rate) if self.adds_tax else self.entered / (1 + self.rate)
        return round_money(exact, currency)


@dataclass(frozen=True, slots=True)
class Showing:
    """`adds_tax` None: prices are shown as they were entered, whatever their tax."""

    adds_tax: bool | None = None
    rates: Rates = field(default_factory=dict)

    def turn(self, amount: Decimal, *, tax_class: str) -> Turned | None:
        """How a shown amount comes about; None for one that is as it was entered, or that has no rate."""
        rate = self.rates.get(tax_class)
        if self.adds_tax is None or rate is None:
            return None
        return Turned(entered=amount, rate=rate, adds_tax=self.adds_tax)

    def show(self, amount: Decimal | None, *, tax_class: str, currency: str) -> Decimal | None:
        """What is read; None for what has no price, or no rate."""
        if amount is None or self.adds_tax is None:
            return amount
        turned = self.turn(amount, tax_class=tax_class)
        return turned.result(currency) if turned is not None else None


AS_ENTERED: Final = Showing()
_books: list[HomeRates] = []


def register_rates(book: HomeRates) -> None:
    """The room above that knows the rates; the last one counts."""
    _books[:] = [book]


def adds_tax() -> bool | None:
    """Whether shown prices hold a tax that entered ones don't (False: the other way round); None: they are the same."""
    shown = GROSS if settings.PRICES_INCLUDE_TAX else NET
    if settings.PRICES_ENTERED in ("", shown):
        return None
    return shown == GROSS


def current_showing() -> Showing:
    """Now. No query where prices are shown as they are entered; else two, and none while the answer is kept."""
    turns = adds_tax()
    if turns is None:
        return AS_ENTERED
    return Showing(turns, keep_answer(("home rates", settings.SHOP_COUNTRY), _books[0].rates))


def showing_at(instant: datetime) -> Showing:
    """As prices read at an instant, by the rates of that day."""
    turns = adds_tax()
    return AS_ENTERED if turns is None else Showing(turns, _books[0].rates(at=instant))


def rate_changes(*, since: datetime) -> Sequence[datetime]:
    """When shown prices changed without anybody changing a price; empty where they are shown as entered."""
    return () if adds_tax() is None else _books[0].changes(since=since)
