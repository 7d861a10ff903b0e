"""What can be sent at once, and for which day the rest is promised. Page, basket, checkout, feed and mail ask here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.formats import date_format

from catalog.kits.records import KitPart
from inventory.availability import ZERO, open_policies, room_on_shelf, saleable_for
from inventory.backorder_records import BackorderPolicy
from shop.written_once import any_of, written_once

PRE_ORDER = BackorderPolicy.Kind.PRE_ORDER
_OTHERWISE = "On backorder"
_NAMES: Mapping[str, str] = {PRE_ORDER.value: "Pre-order"}
"""Stands for the ids that are asked for."""


@dataclass(frozen=True, slots=True)
class Wait:
    """`units` of what was asked for are sent from the day `on`; the others at once."""

    kind: str
    on: date
    units: int

    @property
    def words(self) -> str:
        return promise_words(kind=self.kind, on=self.on)

    @property
    def name(self) -> str:
        return _NAMES.get(self.kind, _OTHERWISE)

    def words_of(self, quantity: int) -> str:
        """For a line of so many units: also how many of them are sent at once."""
        if self.units >= quantity:
            return self.words
        return f"{self.words} ({self.units} of {quantity}; the rest at once)"


def promise_words(*, kind: str, on: date) -> str:
    """`Pre-order: sent from 12 December 2026`."""
    return f"{_NAMES.get(kind, _OTHERWISE)}: sent from {write_day(on)}"


def write_day(day: date) -> str:
    return date_format(day, "j F Y")


@dataclass(frozen=True, slots=True)
class _AheadPart:
    """A thing under an open policy: itself, or a part of the kit that is asked about with `each` units in one kit."""

    each: int
    kind: str
    on: date
    room: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Of a stock record under an open policy, or of a kit with such parts."""

    parts: tuple[_AheadPart, ...]

    @property
    def at_once(self) -> int:
        """Units for which nothing has to come in."""
        return min(part.room // part.each for part in self.parts)

    def wait_for(self, quantity: int) -> Wait | None:
        """None when so many can be sent at once. A kit waits for the last of its parts."""
        short = [part for part in self.parts if part.room // part.each < quantity]
        if not short:
            return None
        last = max(short, key=lambda part: part.on)
        return Wait(kind=last.kind, on=last.on, units=quantity - self.at_once)


@dataclass(frozen=True, slots=True)
class Stock(Mapping[int, int | None]):
    """Saleable units by stock record (None: unlimited), with the promises of those that are sold ahead."""

    units: Mapping[int, int | None]
    promises: Mapping[int, Promise] = field(default_factory=dict)

    def __getitem__(self, stock_record_id: int) -> int | None:
        return self.units[stock_record_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self.units)

    def __len__(self) -> int:
        return len(self.units)

    def at_once(self, stock_record_id: int) -> int | None:
        """Units that can be sent at once; None: unlimited; 0 for a record that does not exist."""
        units = self.units.get(stock_record_id, 0)
        promise = self.promises.get(stock_record_id)
        return units if promise is None or units is None else min(units, promise.at_once)

    def wait_for(self, stock_record_id: int, quantity: int = 1) -> Wait | None:
        """What a buyer of so many is told; None when they are there, or cannot be had at all."""
        promise = self.promises.get(stock_record_id)
        if promise is None or self.units.get(stock_record_id) == 0:
            return None
        return promise.wait_for(quantity)


def stock_for(stock_record_ids: Iterable[int], *, ahead: Iterable[int] | None = None) -> Stock:
    """Two queries for any number of stock records; unknown ids are left out.

    `ahead` are those of them that may be sold ahead (kits among them), if the caller knows: without any there is nothing
    to ask about promises.
    """
    ids = list(set(stock_record_ids))
    return Stock(saleable_for(ids), promises_for(ids if ahead is None else ahead)) if ids else Stock({})


def units_at_once(stock_record_ids: Iterable[int]) -> dict[int, int | None]:
    """Units that could be sent now, by stock record; None: unlimited."""
    stock = stock_for(stock_record_ids)
    return {pk: stock.at_once(pk) for pk in stock}


def promises_for(stock_record_ids: Iterable[int]) -> dict[int, Promise]:
    """Of those that are sold ahead now, and of kits with such parts. One query."""
    ids = list(set(stock_record_ids))
    if not ids:
        return {}
    found: dict[int, list[_AheadPart]] = {}
    for pk, each, kind, on, room in _sold_ahead.ask(ids=ids):
        found.setdefault(pk, []).append(_AheadPart(each=each, kind=kind, on=on, room=room))
    return {pk: Promise(tuple(parts)) for pk, parts in found.items()}


@written_once
def _sold_ahead() -> QuerySet[Any, Any]:
    own = open_policies().filter(any_of("inventory_backorderpolicy.stock_record_id", "ids"))
    room = Greatest(room_on_shelf(record="pk"), ZERO)
    singles = own.annotate(each=Value(1, output_field=IntegerField()), room=room).values_list(
        "pk", "each", "kind", "promised_on", "room"
    )
    asked = any_of("catalog_kitpart.kit_id", "ids")
    parts = KitPart.objects.filter(asked, component__backorder_policy__in=open_policies()).order_by()
    room = Greatest(room_on_shelf(record="component_id"), ZERO)
    of_kits = parts.annotate(room=room).values_list(
        "kit_id",
        "quantity",
        F("component__backorder_policy__kind"),
        F("component__backorder_policy__promised_on"),
        "room",
    )
    return singles.union(of_kits, all=True)
