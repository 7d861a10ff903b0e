"""The reference price of a reduction (Directive 98/6/EC, Article 6a, "Omnibus").

Whoever announces a reduction states the lowest price of the 30 days before it began. While the price only falls further,
that first reference stays. A price that rises again, even below the former price, begins a new reduction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import connection

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
SELECT stock_record_id, effective_at, price, compare_at_price, currency FROM catalog_pricechange
WHERE stock_record_id = ANY(%s) AND effective_at <= now() ORDER BY stock_record_id, effective_at, id
"""


def current_reductions(stock_record_ids: Iterable[int]) -> dict[int, Reduction]:
    """The reductions that are on now, by stock record; one query for any number."""
    histories: dict[int, list[Shown]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, (list(stock_record_ids),))
        for record_id, since, price, compare_at, currency in cursor.fetchall():
            histories[record_id].append(Shown(since=since, price=price, compare_at=compare_at, currency=currency))
    found = {record_id: find_reduction(history) for record_id, history in histories.items()}
    return {record_id: reduction for record_id, reduction in found.items() if reduction is not None}


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
