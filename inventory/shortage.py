"""What is said when there is not enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oscar.apps.partner.models import StockRecord

from inventory.kits import Contents


@dataclass(frozen=True, slots=True)
class ShortLine:
    """One stock record of which too few units are left. `available` is what this claim could have.

    `shared_with` says who else of the same claim takes the units, when it would have enough of them alone.
    """

    stock_record_id: int
    wanted: int
    available: int
    title: str = ""
    shared_with: str = ""

    @property
    def sentence(self) -> str:
        name = self.title or "This product"
        if self.shared_with:
            return (
                f"{name}: {self.available} of the {self.wanted} you asked for can be had together with"
                f" {self.shared_with}. Please take fewer of one of them."
            )
        if self.available <= 0:
            return f"{name} is sold out."
        verb = "is" if self.available == 1 else "are"
        return f"Only {self.available} of {name} {verb} left; you asked for {self.wanted}."


class InsufficientStock(Exception):
    """Not enough units for a claim; nothing was written. Holds every short line, not only the first."""

    def __init__(self, short_lines: Iterable[ShortLine]) -> None:
        self.short_lines = list(short_lines)
        super().__init__(" ".join(line.sentence for line in self.short_lines))


def describe_shortage(
    *, wanted: Mapping[int, int], available: Mapping[int, int], kits: Mapping[int, Contents] | None = None
) -> InsufficientStock:
    """The shortage in the words of what was asked for: single things get their units first, kits what is left.

    `available` units by tracked single thing.
    """
    kits, left = kits or {}, dict(available)
    titles = _titles_of(wanted)
    short: list[ShortLine] = []
    for pk, quantity in sorted(wanted.items(), key=lambda pair: (pair[0] in kits, pair[0])):
        recipe = {part.stock_record_id: part.quantity for part in kits[pk].parts} if pk in kits else {pk: 1}
        counted = {part: units for part, units in recipe.items() if part in available}
        most = _most(counted, left, otherwise=quantity)
        given = min(quantity, most)
        for part, units in counted.items():
            left[part] -= given * units
        if given < quantity:
            alone = _most(counted, available, otherwise=quantity)
            short.append(
                ShortLine(
                    stock_record_id=pk,
                    wanted=quantity,
                    available=given,
                    title=titles.get(pk, ""),
                    shared_with="the other things of your order that need the same parts" if alone > given else "",
                )
            )
    return InsufficientStock(short)


def _most(recipe: Mapping[int, int], units: Mapping[int, int], *, otherwise: int) -> int:
    return max(min((units.get(part, 0) // need for part, need in recipe.items()), default=otherwise), 0)


def _titles_of(stock_record_ids: Mapping[int, int]) -> dict[int, str]:
    records = StockRecord.objects.filter(pk__in=stock_record_ids).select_related("product__parent")
    return {record.pk: record.product.get_title() for record in records}
