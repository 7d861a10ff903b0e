"""What is said when there is not enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oscar.apps.partner.models import StockRecord


@dataclass(frozen=True, slots=True)
class ShortLine:
    """One stock record of which too few units are left. `available` is what this claim could have."""

    stock_record_id: int
    wanted: int
    available: int
    title: str = ""

    @property
    def sentence(self) -> str:
        name = self.title or "This product"
        if self.available <= 0:
            return f"{name} is sold out."
        verb = "is" if self.available == 1 else "are"
        return f"Only {self.available} of {name} {verb} left; you asked for {self.wanted}."


class InsufficientStock(Exception):
    """Not enough units for a claim; nothing was written. Holds every short line, not only the first."""

    def __init__(self, short_lines: Iterable[ShortLine]) -> None:
        self.short_lines = list(short_lines)
        super().__init__(" ".join(line.sentence for line in self.short_lines))


def describe_shortage(*, wanted: Mapping[int, int], available: Mapping[int, int]) -> InsufficientStock:
    """The exception for those of `wanted` that exceed `available`, with the titles that a shopper knows."""
    short = {pk: quantity for pk, quantity in wanted.items() if quantity > available.get(pk, 0)}
    records = StockRecord.objects.filter(pk__in=short).select_related("product__parent")
    titles = {record.pk: record.product.get_title() for record in records}
    return InsufficientStock(
        ShortLine(stock_record_id=pk, wanted=quantity, available=max(available.get(pk, 0), 0), title=titles.get(pk, ""))
        for pk, quantity in sorted(short.items())
    )
