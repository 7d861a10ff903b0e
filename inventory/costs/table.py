"""The stock of an instant as a table, for files and pages alike."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from catalog.publication.instants import read_instant
from inventory.costs.as_of import StockLine

HEADER: Final = (
    "sku", "title", "on_hand", "in_transit", "value", "units_without_cost", "sold", "cover_days", "sell_through_percent",
    "last_sold", "dead",
)  # fmt: skip


def read_moment(text: str) -> datetime:
    """`2026-12-31 23:59` on the shop's clock: the last instant of that minute. Raises NoSuchInstant."""
    return end_of_minute(read_instant(text))


def end_of_minute(instant: datetime) -> datetime:
    """What happened within the minute that a person names is in."""
    return instant.replace(second=0, microsecond=0) + timedelta(minutes=1) - timedelta(microseconds=1)


def write_rows(lines: Iterable[StockLine]) -> Iterator[tuple[Any, ...]]:
    for line in lines:
        percent = "" if line.sell_through is None else round(line.sell_through * 100, 1)
        yield (
            line.sku, line.title, line.on_hand, line.in_transit, line.value, line.uncosted, line.sold,
            "" if line.cover_days is None else line.cover_days, percent,
            "" if line.last_sold_at is None else line.last_sold_at.isoformat(timespec="seconds"),
            "yes" if line.is_dead else "no",
        )  # fmt: skip
