"""Say in one sentence why an offer gives nothing to this basket, and what would change that."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from promotions import benefits, conditions
from promotions.rules import COVERAGE, SHIPPING_KINDS, VALUE, Offer, PricedLine, ProductRange
from promotions.units import UnitPool
from shop.money import format_money


def explain_refusal(
    pool: UnitPool, offer: Offer, offers: Sequence[Offer], lines: Sequence[PricedLine], currency: str
) -> str:
    """`offers` in the order in which they were applied."""
    condition_range = offer.condition.range
    if not offer.is_understood or condition_range is None:
        return f"{offer.title} cannot be used at the moment."
    if offer.max_applications <= 0 or (offer.max_discount is not None and offer.max_discount <= 0):
        return f"{offer.title} has been used up."
    have = conditions.measure(pool, offer, lambda units: units.line.quantity)
    if have < offer.condition.value:
        if have == 0 and _only_excluded(condition_range, lines):
            return f"The products in your basket are excluded from {offer.title}. {_next_step(offer, have, currency)}"
        return _next_step(offer, have, currency)
    if offer.benefit.kind not in SHIPPING_KINDS and not pool.lines_in(benefits.range_of(offer)):
        benefit_range = offer.benefit.range or condition_range
        if _only_excluded(benefit_range, lines):
            return f"The products in your basket are excluded from {offer.title}."
        return f"{offer.title} is for {_describe_range(benefit_range)}: add one of these to use it."
    blocking = pool.users_in_the_way(offer, condition_range)
    if offer.benefit.kind not in SHIPPING_KINDS:
        blocking |= pool.users_in_the_way(offer, benefits.range_of(offer))
    if blocking:
        others = " and ".join(offers[index].title for index in sorted(blocking))
        return f"{offer.title} cannot be combined with {others}, which already applies to the same products."
    return f"{offer.title} takes nothing off these products: they already cost no more than it would ask."


def _next_step(offer: Offer, have: Decimal, currency: str) -> str:
    missing = offer.condition.value - have
    more = " more" if have else ""
    if offer.condition.kind == VALUE:
        what = f"{format_money(missing, currency)}{more}"
    else:
        number = int(missing.to_integral_value(ROUND_CEILING))
        different = " different" if offer.condition.kind == COVERAGE else ""
        what = f"{number}{more}{different} {'product' if number == 1 else 'products'}"
    return f"Add {what}{_of(offer.condition.range)} to use {offer.title}."


def _of(product_range: ProductRange | None) -> str:
    return "" if product_range is None or product_range.includes_all else f" of {product_range.name}"


def _describe_range(product_range: ProductRange) -> str:
    return "products that are not in your basket" if product_range.includes_all else product_range.name


def _only_excluded(product_range: ProductRange, lines: Sequence[PricedLine]) -> bool:
    """Every line that the range would name is kept out by an exclusion, and there is such a line."""
    named = [line for line in lines if product_range.names(line)]
    return bool(named) and all(product_range.excludes(line) or not line.is_discountable for line in named)
