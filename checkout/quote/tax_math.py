"""Tax of one amount, rounded to the minor unit by the rule of its country, so that net + tax = gross always."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from checkout.tax.rounding import Rounding
from shop.money import ZERO, round_money, split_money


@dataclass(frozen=True, slots=True)
class Taxed:
    """`exact` is the tax before rounding; the rounding step of the trace is tax - exact."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    exact: Decimal


@dataclass(slots=True)
class TaxSum:
    """What the parts of one order have been taxed on so far, by rate.

    Where tax is rounded once per rate, each part gets by how much the rounded tax of all parts so far has grown: it is
    never a whole minor unit off its own tax, and the parts sum to the tax of the sum.
    """

    rounding: Rounding = Rounding.LINE
    amounts: dict[Decimal, Decimal] = field(default_factory=dict)
    taxes: dict[Decimal, Decimal] = field(default_factory=dict)

    def add(self, amount: Decimal, *, rate: Decimal, is_included: bool, currency: str) -> Taxed:
        """The next part of the order: `amount` holds its tax (gross shop) or not (net shop); `rate` is a fraction."""
        exact = _exact(amount, rate, is_included)
        if self.rounding is Rounding.LINE:
            tax = round_money(exact, currency)
        else:
            self.amounts[rate] = self.amounts.get(rate, ZERO) + amount
            so_far = self.rounding.round(_exact(self.amounts[rate], rate, is_included), currency)
            tax = so_far - self.taxes.get(rate, ZERO)
            self.taxes[rate] = so_far
        if is_included:
            return Taxed(net=amount - tax, tax=tax, gross=amount, exact=exact)
        return Taxed(net=amount, tax=tax, gross=amount + tax, exact=exact)


def _exact(amount: Decimal, rate: Decimal, is_included: bool) -> Decimal:
    return amount * rate / (1 + rate) if is_included else amount * rate


def tax_amount(amount: Decimal, *, rate: Decimal, is_included: bool, currency: str) -> Taxed:
    """One amount for itself, half up."""
    return TaxSum().add(amount, rate=rate, is_included=is_included, currency=currency)


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
