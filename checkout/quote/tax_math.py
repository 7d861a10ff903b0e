"""Tax of one amount: once per line and rate, half up to the minor unit, so that net + tax = gross always."""

from dataclasses import dataclass
from decimal import Decimal

from shop.money import round_money


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
