"""Money is `Decimal` in a currency's minor units; integers only at the payment gateway; never a float."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_precision

ZERO = Decimal(0)
SOLD_IN = ("EUR", "USD", "GBP", "CHF", "JPY")
"""What a shop may sell in. Oscar's amounts are numeric(12,2), and its migrations are its own: a column that we widened
would be narrowed, and rounded without a word, by its next change of that field. And cards cannot be charged exactly in a
currency of three decimals: the provider takes amounts whose last digit is 0 (docs.stripe.com/currencies, three-decimal
currencies). The arithmetic below is exact in all of them."""
DECIMALS = 2


def read_currency(typed: str) -> str:
    """The currency of a shop. Raises ValueError with the rest of the sentence for one that it cannot sell in."""
    if typed in SOLD_IN:
        return typed
    allowed = f"allowed values: {', '.join(SOLD_IN)}."
    if len(typed) == 3 and get_currency_precision(typed) > DECIMALS:
        raise ValueError(
            f"is {typed!r}, which has three decimals: cards are charged in steps of 0.010 {typed} only, and orders keep"
            f" two decimals, so a total of 1.234 could be neither paid nor kept exactly; {allowed}"
        )
    raise ValueError(f"is {typed!r}; {allowed}")


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for EUR, 1 for JPY, 0.001 for KWD (ISO 4217, from CLDR)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Half up to the minor unit: the one rounding rule of the shop."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units for the payment provider. Raises ValueError when the amount has a fraction of a minor unit."""
    units = amount / minor_unit(currency)
    if units != units.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of minor units.")
    return int(units)


def from_minor(units: int, currency: str) -> Decimal:
    return units * minor_unit(currency)


def split_money(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Parts in proportion to the weights that sum to the total exactly (largest remainder, ties to the first).

    All weights zero: equal parts. Weights must not be negative.
    """
    if not weights:
        return []
    if any(weight < 0 for weight in weights):
        raise ValueError("Weights must not be negative.")
    unit = minor_unit(currency)
    units = to_minor(total, currency)
    whole = sum(weights, ZERO)
    shares = [Decimal(units) * weight / whole if whole else Decimal(units) / len(weights) for weight in weights]
    parts = [int(share) for share in shares]
    remainders = sorted(range(len(shares)), key=lambda i: (-abs(shares[i] - parts[i]), i))
    step = 1 if units >= 0 else -1
    for index in remainders[: abs(units - sum(parts))]:
        parts[index] += step
    return [part * unit for part in parts]


def format_money(amount: Decimal, currency: str, *, locale: str = "en_GB") -> str:
    """`84.30 EUR`: the code behind the figure, so that no currency sign is ambiguous."""
    return format_currency(amount, currency, format="#,##0.00 ¤¤", locale=locale)
