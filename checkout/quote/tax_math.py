"""Tax of one amount: once per line and rate, half up to the minor unit, so that net + tax = gross always."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.money import ZERO, round_money, split_money


@dataclass(frozen=True, slots=True)
class Taxed:
    """`exact` is the tax before rounding; the rounding step of the trace is tax - exact."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    exact: Decimal


def tax_amount(amount: Decimal, *, rate: Decimal, is_included: bool, currency: str) -> Taxed:
    """`amount` holds its tax (gross shop) or not (net shop); `rate` is a fraction."""
    exact = amount * rate / (1 + rate) if is_included else amount * rate
    tax = round_money(exact, currency)
    if is_included:
        return Taxed(net=amount - tax, tax=tax, gross=amount, exact=exact)
    return Taxed(net=amount, tax=tax, gross=amount + tax, exact=exact)


def without_tax(amount: Decimal, *, rate: Decimal, currency: str) -> Decimal:
    """A gross price as a net one: what an export costs."""
    return round_money(amount / (1 + rate), currency)


def without_taxes(amount: Decimal, *, shares: Sequence[tuple[Decimal, Decimal]], currency: str) -> Decimal:
    """The same for an amount that is taxed at several rates: `shares` are (rate, weight) in proportion."""
    if len(shares) == 1:
        return without_tax(amount, rate=shares[0][0], currency=currency)
    parts = split_money(round_money(amount, currency), [weight for _, weight in shares], currency)
    pairs = zip(shares, parts, strict=True)
    return sum((without_tax(part, rate=rate, currency=currency) for (rate, _), part in pairs), ZERO)
