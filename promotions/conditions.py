"""Has the basket earned an offer, and if not, what is missing? Oscar's Count, Value and Coverage."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal

from promotions.rules import COUNT, COVERAGE, VALUE, Offer
from promotions.units import LineUnits, UnitPool
from shop.money import ZERO

Measure = Callable[[LineUnits], int]
"""Units of a line that count."""


def is_met(pool: UnitPool, offer: Offer) -> bool:
    """Judged by the units that the offer may still use."""
    needed = offer.condition.value
    return measure(pool, offer, lambda units: pool.count_open(units, offer), enough=needed) >= needed


def measure(pool: UnitPool, offer: Offer, count: Measure, *, enough: Decimal | None = None) -> Decimal:
    """How far the basket is, in the condition's own terms: units, money before discounts, or distinct products.

    May stop counting at `enough`.
    """
    reached, products = ZERO, set()
    for units in pool.lines_in(offer.condition.range):
        number = count(units)
        if number <= 0:
            continue
        if offer.condition.kind == COVERAGE:
            products.add(units.line.product_id)
            reached = Decimal(len(products))
        else:
            reached += _worth(offer, units, number)
        if enough is not None and reached >= enough:
            break
    return reached


def use_up(pool: UnitPool, offer: Offer, *, already: Mapping[int, int]) -> None:
    """Mark the units that met the condition as used, dearest first, beside those a benefit has used.

    `already`: units used by the benefit, by id() of the pool's line.
    """
    mine = pool.lines_in(offer.condition.range)
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
