"""Money is `Decimal` in steps of a currency; integers only at the payment gateway; never a float."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_precision

ZERO = Decimal(0)
SOLD_IN = ("EUR", "USD", "GBP", "CHF", "JPY", "KWD", "BHD", "JOD", "OMR", "TND")
"""What a shop may sell in: every amount of it can be kept in Oscar's numeric(12,2) and charged on a card exactly."""
DECIMALS = 2


def read_currency(typed: str) -> str:
    """The currency of a shop. Raises ValueError with the rest of the sentence for one that it cannot sell in."""
    if typed in SOLD_IN:
        return typed
    raise ValueError(f"is {typed!r}; allowed values: {', '.join(SOLD_IN)}.")


@cache
def smallest_amount(currency: str) -> Decimal:
    """The step of prices, taxes and refunds: 0.01 for EUR, 1 for JPY, 0.01 (ten fils) for KWD.

    In currencies of three decimals cards are charged in steps of ten minor units only (docs.stripe.com/currencies,
    three-decimal currencies), and orders keep two decimals: a step of one would be neither kept nor paid.
    """
    return Decimal(1).scaleb(-min(get_currency_precision(currency), DECIMALS))


def name_step(currency: str) -> str:
    """`KWD goes in steps of 0.010`: for people who typed an amount between two steps."""
    return f"{currency} goes in steps of {smallest_amount(currency):.{get_currency_precision(currency)}f}"


@cache
def minor_unit(currency: str) -> Decimal:
    """What the payment provider counts in: 0.01 for EUR, 1 for JPY, 0.001 for KWD (ISO 4217, from CLDR)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Half up to the smallest amount: the one rounding rule of the shop."""
    return amount.quantize(smallest_amount(currency), rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units for the payment provider. Raises ValueError for an amount between two steps of the currency."""
    if amount % smallest_amount(currency):
        raise ValueError(f"{amount} {currency} is not a whole number of {smallest_amount(currency)} {currency}.")
    return int(amount / minor_unit(currency))


def from_minor(units: int, currency: str) -> Decimal:
    """Exact, to the minor unit: what the provider keeps for itself comes in smaller steps than prices."""
    return units * minor_unit(currency)


def split_money(
    total: Decimal, weights: Sequence[Decimal], currency: str, *, unit: Decimal | None = None
) -> list[Decimal]:
    """Parts in proportion to the weights that sum to the total exactly (largest remainder, ties to the first), in steps of `unit`
    (the currency's smallest amount).

    All weights zero: equal parts. Weights must not be negative.
    """
    if not weights:
        return []
    if any(weight < 0 for weight in weights):
        raise ValueError("Weights must not be negative.")
    unit = unit or smallest_amount(currency)
    units = int(total / unit)
    if units * unit != total:
        raise ValueError(f"{total} {currency} is not a whole number of {unit} {currency}.")
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
