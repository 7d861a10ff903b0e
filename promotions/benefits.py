"""What an offer takes off the goods. Oscar's benefits, on what the units are worth after the offers before.

An offer that joins another one therefore works on the reduced value: 40 % and 70 % make 82 %, never free goods.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from itertools import islice
from typing import Any

from promotions import conditions
from promotions.rules import ABSOLUTE, COVERAGE, FIXED_PRICE, FIXED_UNIT, MULTIBUY, PERCENTAGE, Offer, ProductRange
from promotions.units import LineUnits, UnitPool, UsedUnits
from shop.money import ZERO, round_money, smallest_amount, split_money

Selection = list[tuple[LineUnits, int]]
"""Lines and how many of their units the benefit uses."""


@dataclass(slots=True)
class Progress:
    """What one offer has given to this basket so far."""

    applications: int = 0
    affected: int = 0
    amount: Decimal = ZERO
    per_line: dict[Any, Decimal] = field(default_factory=dict)


def apply_benefit(pool: UnitPool, offer: Offer, progress: Progress, currency: str) -> bool:
    """Apply once; the condition is met. False when it gives nothing, then no unit is used."""
    chosen = _SELECT[offer.benefit.kind](pool, offer, progress)
    used = [part for units, number in chosen for part in pool.use(units, offer, number)]
    exact = [_reduction(offer, part, currency) for part in used]
    total = round_money(_limit(offer, progress, sum(exact, ZERO), currency), currency)
    if total <= 0:
        for part in used:
            pool.return_unused(part)
        return False
    for part, reduction in zip(used, split_money(total, exact, currency), strict=True):
        pool.return_used(part, reduction=reduction)
        progress.per_line[part.key] = progress.per_line.get(part.key, ZERO) + reduction
    progress.amount += total
    progress.affected += sum(part.count for part in used)
    progress.applications += 1
    if offer.benefit.kind == MULTIBUY:
        conditions.use_up(pool, offer, already=Counter({id(part.units): part.count for part in used}))
    return True


def _reduction(offer: Offer, part: UsedUnits, currency: str) -> Decimal:
    """What the units lose before limits; exact, rounded later for the offer as a whole."""
    benefit = offer.benefit
    if benefit.kind == PERCENTAGE:
        return part.value * min(benefit.value, Decimal(100)) / 100
    if benefit.kind == FIXED_UNIT:
        return min(part.value, round_money(benefit.value, currency) * part.count)
    return part.value


def _limit(offer: Offer, progress: Progress, whole: Decimal, currency: str) -> Decimal:
    if offer.benefit.kind == ABSOLUTE:
        whole = min(offer.benefit.value, whole)
    if offer.benefit.kind == FIXED_PRICE:
        whole = max(whole - offer.benefit.value, ZERO)
    if offer.max_discount is not None:
        left = (offer.max_discount - progress.amount).quantize(smallest_amount(currency), rounding=ROUND_DOWN)
        whole = min(whole, left)
    return whole


def range_of(offer: Offer) -> ProductRange | None:
    """What can be discounted: a bundle's products are those that meet its condition."""
    return offer.condition.range if offer.benefit.kind == FIXED_PRICE else offer.benefit.range


def _open_lines(pool: UnitPool, offer: Offer) -> Iterator[tuple[LineUnits, int]]:
    for units in pool.lines_in(range_of(offer)):
        if number := pool.count_open(units, offer):
            yield units, number


def _select_cheapest_first(pool: UnitPool, offer: Offer, progress: Progress) -> Selection:
    limit = offer.benefit.max_affected_items
    left = None if not limit else limit - progress.affected
    chosen: Selection = []
    for units, number in _open_lines(pool, offer):
        take = number if left is None else min(number, left)
        if take <= 0:
            break
        chosen.append((units, take))
        left = None if left is None else left - take
    return chosen


def _select_one(pool: UnitPool, offer: Offer, progress: Progress) -> Selection:
    return [(units, 1) for units, _ in islice(_open_lines(pool, offer), 1)]


def _select_bundle(pool: UnitPool, offer: Offer, progress: Progress) -> Selection:
    """The units that make the bundle, cheapest first: as many as the condition asks for."""
    needed = int(offer.condition.value)
    chosen: Selection = []
    seen: set[int] = set()
    for units, number in _open_lines(pool, offer):
        if needed <= 0:
            break
        if offer.condition.kind == COVERAGE:
            if units.line.product_id in seen:
                continue
            seen.add(units.line.product_id)
            number = 1
        chosen.append((units, min(number, needed)))
        needed -= min(number, needed)
    return chosen


_SELECT: Mapping[str, Callable[[UnitPool, Offer, Progress], Selection]] = {
    PERCENTAGE: _select_cheapest_first,
    ABSOLUTE: _select_cheapest_first,
    FIXED_UNIT: _select_cheapest_first,
    MULTIBUY: _select_one,
    FIXED_PRICE: _select_bundle,
}
