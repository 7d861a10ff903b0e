"""The reference price of a reduction (Directive 98/6/EC, Article 6a, "Omnibus").

Whoever announces a reduction states the lowest price of the 30 days before it began. While the price only falls further,
that first reference stays. A price that rises again, even below the former price, begins a new reduction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from django.db import connection

from catalog.pricing.showing import rate_changes, showing_at

REFERENCE_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One row of the price history: displayed from `since` until the next row's."""

    since: datetime
    price: Decimal | None
    compare_at: Decimal | None
    currency: str

    @property
    def is_reduced(self) -> bool:
        return self.price is not None and self.compare_at is not None and self.compare_at > self.price


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """`reference` is the price to state beside the reduced one; None when nothing was displayed in the 30 days."""

    began_at: datetime
    reference: Decimal | None
    currency: str


_HISTORY = """
SELECT change.stock_record_id, change.effective_at, change.price, change.compare_at_price, change.currency,
       COALESCE(detail.tax_class, 'standard')
FROM catalog_pricechange change LEFT JOIN catalog_pricedetail detail USING (stock_record_id)
WHERE change.stock_record_id = ANY(%s) AND change.effective_at <= now()
ORDER BY change.stock_record_id, change.effective_at, change.id
"""


def current_reductions(stock_record_ids: Iterable[int]) -> dict[int, Reduction]:
    """The reductions that are on now, by stock record; one query for any number."""
    found = {record_id: find_reduction(history) for record_id, history in shown_histories(stock_record_ids).items()}
    return {record_id: reduction for record_id, reduction in found.items() if reduction is not None}


def shown_histories(stock_record_ids: Iterable[int]) -> dict[int, list[Shown]]:
    """What was displayed, in order of time. Where shown prices hold a tax that entered ones don't (or the other way
    round), each rate of tax that began meanwhile begins a row too.
    """
    histories: dict[int, list[Shown]] = defaultdict(list)
    classes: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, (list(stock_record_ids),))
        for record_id, since, price, compare_at, currency, tax_class in cursor.fetchall():
            histories[record_id].append(Shown(since=since, price=price, compare_at=compare_at, currency=currency))
            classes[record_id] = tax_class
    return {pk: _as_shown(history, tax_class=classes[pk]) for pk, history in histories.items()}


def _as_shown(history: list[Shown], *, tax_class: str) -> list[Shown]:
    changes = rate_changes(since=history[0].since)
    rows = sorted([*history, *(_row_at(history, instant) for instant in changes)], key=lambda row: row.since)
    return [_turn(row, tax_class=tax_class) for row in rows]


def _row_at(history: Sequence[Shown], instant: datetime) -> Shown:
    return replace(next(row for row in reversed(history) if row.since < instant), since=instant)


def _turn(row: Shown, *, tax_class: str) -> Shown:
    show = partial(showing_at(row.since).show, tax_class=tax_class, currency=row.currency)
    return replace(row, price=show(row.price), compare_at=show(row.compare_at))


def find_reduction(history: Sequence[Shown]) -> Reduction | None:
    """The reduction that the last row is part of; None when the price is not reduced. `history` in order of time."""
    if not history or not history[-1].is_reduced:
        return None
    first = len(history) - 1
    while first > 0 and _continues(history[first - 1], history[first]):
        first -= 1
    began_at, currency = history[first].since, history[first].currency
    return Reduction(began_at=began_at, reference=_lowest_before(history, began_at, currency), currency=currency)


def _continues(earlier: Shown, later: Shown) -> bool:
    """Whether the later row only goes on with the earlier row's reduction."""
    if not earlier.is_reduced or earlier.currency != later.currency or later.price is None or earlier.price is None:
        return False
    return later.price <= earlier.price


def _lowest_before(history: Sequence[Shown], instant: datetime, currency: str) -> Decimal | None:
    """Over what was displayed at any moment of the 30 days before `instant`, which itself is left out."""
    opens = instant - timedelta(days=REFERENCE_DAYS)
    ends = [*(row.since for row in history[1:]), None]
    prices = [
        row.price
        for row, end in zip(history, ends, strict=True)
        if row.price is not None
        and row.currency == currency
        and row.since < instant
        and row.since != end
        and (end is None or end > opens)
    ]
    return min(prices, default=None)
