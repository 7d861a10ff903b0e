"""How a country wants the tax of an order rounded. The sum of the parts is the total either way."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from shop.money import smallest_amount


class Rounding(StrEnum):
    """`LINE`: once per line and rate, half up. `TOTAL`: once per rate over the whole order, half up; `TOTAL_DOWN`: the
    same, fractions dropped, as in Japan, where a qualified invoice is rounded once per rate (National Tax Agency,
    qualified invoice system, from October 2023).
    """

    LINE = "line"
    TOTAL = "total"
    TOTAL_DOWN = "total-down"

    @property
    def words(self) -> str:
        return {
            Rounding.LINE: "Rounded half up, once per line and rate",
            Rounding.TOTAL: "Rounded half up, once per rate over the whole order",
            Rounding.TOTAL_DOWN: "Rounded down, once per rate over the whole order",
        }[self]

    def round(self, amount: Decimal, currency: str) -> Decimal:
        direction = ROUND_DOWN if self is Rounding.TOTAL_DOWN else ROUND_HALF_UP
        return amount.quantize(smallest_amount(currency), rounding=direction)
