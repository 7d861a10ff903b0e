"""Has the basket earned an offer, and if not, what is missing? Oscar's Count, Value and Coverage."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal

from promotions.rules import COUNT, COVERAGE, VALUE, Offer, PricedLine
from promotions.units import LineUnits, UnitPool, lines_for
from shop.money import ZERO

Measure = Callable[[LineUnits], int]
"""Units of a line that count."""


def takes_part(offer: Offer) -> Callable[[PricedLine], bool]:
    """Whether a line counts towards the condition."""
    product_range = offer.condition.range
    return lambda line: product_range is not None and line.is_discountable and product_range.contains(line)


def is_met(pool: UnitPool, offer: Offer) -> bool:
    """Judged by the units that the offer may still use."""
    return measure(pool, offer, lambda units: pool.count_open(units, offer)) >= offer.condition.value


def measure(pool: UnitPool, offer: Offer, count: Measure) -> Decimal:
    """How far the basket is, in the condition's own terms: units, money before discounts, or distinct products."""
    counted = [(units.line, number) for units in lines_for(pool, takes_part(offer)) if (number := count(units)) > 0]
    if offer.condition.kind == VALUE:
        return sum((line.unit_price * number for line, number in counted), ZERO)
    if offer.condition.kind == COVERAGE:
        return Decimal(len({line.product_id for line, _ in counted}))
    return Decimal(sum(number for _, number in counted))


def use_up(pool: UnitPool, offer: Offer, *, already: Mapping[int, int]) -> None:
    """Mark the units that met the condition as used, dearest first, beside those a benefit has used.

    `already`: units used by the benefit, by id() of the pool's line.
    """
    mine = list(lines_for(pool, takes_part(offer)))
    counted = [(units, already[id(units)]) for units in mine if already.get(id(units))]
    if offer.condition.kind == COVERAGE:
        _use_distinct(pool, offer, mine, seen={units.line.product_id for units, _ in counted})
        return
    missing = offer.condition.value - sum((_worth(offer, units, number) for units, number in counted), ZERO)
    for units in reversed(mine):
        if missing <= 0:
            return
        needed = int((missing / _worth(offer, units, 1)).to_integral_value(ROUND_CEILING))
        number = min(pool.count_open(units, offer), needed)
        for used in pool.use(units, offer, number):
            pool.return_used(used)
        missing -= _worth(offer, units, number)


def _use_distinct(pool: UnitPool, offer: Offer, mine: list[LineUnits], *, seen: set[int]) -> None:
    for units in reversed(mine):
        if len(seen) >= offer.condition.value:
            return
        if units.line.product_id not in seen and pool.count_open(units, offer) > 0:
            seen.add(units.line.product_id)
            for used in pool.use(units, offer, 1):
                pool.return_used(used)


def _worth(offer: Offer, units: LineUnits, number: int) -> Decimal:
    assert offer.condition.kind in (COUNT, VALUE)
    return units.line.unit_price * number if offer.condition.kind == VALUE else Decimal(number)
