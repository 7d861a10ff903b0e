"""Follow every unit of the basket through the offers: what it is still worth, and which offers have used it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from promotions.rules import Offer, PricedLine, ProductRange
from shop.money import ZERO, split_money


@dataclass(slots=True)
class Bucket:
    """Units of one line that the same offers have used; `value` is what they are worth together by now."""

    count: int
    value: Decimal


@dataclass(slots=True)
class LineUnits:
    line: PricedLine
    buckets: dict[frozenset[int], Bucket] = field(default_factory=dict)
    """By the indexes of the offers that used the units."""


class UnitPool:
    """Lines cheapest first, in an order that depends on what they are, not on where they stand in the basket."""

    def __init__(self, lines: Sequence[PricedLine], offers: Sequence[Offer], currency: str) -> None:
        self._currency = currency
        self._members: dict[int, list[LineUnits]] = {}
        self._index = {id(offer): index for index, offer in enumerate(offers)}
        self._strangers = [
            frozenset(other for other, b in enumerate(offers) if a is b or not a.can_join(b)) for a in offers
        ]
        ordered = sorted(
            lines, key=lambda line: (line.unit_price, line.product_id, line.stock_record_id, str(line.key))
        )
        self.lines = [
            LineUnits(line, {frozenset(): Bucket(line.quantity, line.unit_price * line.quantity)})
            for line in ordered
            if line.unit_price > 0 and line.quantity > 0
        ]

    def count_open(self, units: LineUnits, offer: Offer) -> int:
        """Units of a line that the offer may still use."""
        strangers = self._strangers[self._index[id(offer)]]
        return sum(bucket.count for users, bucket in units.buckets.items() if users.isdisjoint(strangers))

    def lines_in(self, product_range: ProductRange | None) -> list[LineUnits]:
        """Discountable lines of a range, cheapest first; remembered, since an offer may ask thousands of times."""
        found = self._members.get(id(product_range))
        if found is None:
            found = [
                units
                for units in self.lines
                if product_range is not None and units.line.is_discountable and product_range.contains(units.line)
            ]
            self._members[id(product_range)] = found
        return found

    def users_in_the_way(self, offer: Offer, product_range: ProductRange | None) -> set[int]:
        """Indexes of other offers that keep this one from units of the range."""
        index = self._index[id(offer)]
        found: set[int] = set()
        for units in self.lines_in(product_range):
            for users in units.buckets:
                found |= (users & self._strangers[index]) - {index}
        return found

    def use(self, units: LineUnits, offer: Offer, count: int) -> list["UsedUnits"]:
        """Take `count` open units out for the offer; those that fewer offers have touched go first."""
        index = self._index[id(offer)]
        taken = []
        for users in sorted(units.buckets, key=lambda users: (len(users), sorted(users))):
            if count <= 0:
                break
            if not users.isdisjoint(self._strangers[index]):
                continue
            number = min(units.buckets[users].count, count)
            count -= number
            value = self._split_off(units, users, number)
            taken.append(UsedUnits(units=units, before=users, after=users | {index}, count=number, value=value))
        return taken

    def _split_off(self, units: LineUnits, users: frozenset[int], number: int) -> Decimal:
        bucket = units.buckets[users]
        if number == bucket.count:
            del units.buckets[users]
            return bucket.value
        weights = [Decimal(number), Decimal(bucket.count - number)]
        value = split_money(bucket.value, weights, self._currency)[0]
        bucket.count -= number
        bucket.value -= value
        return value

    def return_used(self, used: "UsedUnits", *, reduction: Decimal = ZERO) -> None:
        """Put units back, used by the offer and worth less by the reduction."""
        self._put(used, used.after, used.value - reduction)

    def return_unused(self, used: "UsedUnits") -> None:
        """Put units back as they were, when nothing came of it."""
        self._put(used, used.before, used.value)

    def _put(self, used: "UsedUnits", users: frozenset[int], value: Decimal) -> None:
        bucket = used.units.buckets.setdefault(users, Bucket(0, ZERO))
        bucket.count += used.count
        bucket.value += value


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedUnits:
    """Units taken out by `use`, until `return_used` or `return_unused` puts them back."""

    units: LineUnits
    before: frozenset[int]
    after: frozenset[int]
    count: int
    value: Decimal

    @property
    def key(self) -> Any:
        return self.units.line.key
