"""Charts as figures for an inline SVG: bars of one series, drawn by the template, read without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.backoffice.sales import Day
from shop.money import ZERO

WIDTH = 600
HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """Place and size in the units of the drawing; `words` is read out and shown on hover."""

    x: str
    y: str
    width: str
    height: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    width: int
    height: int
    highest: Decimal
    first: Day
    last: Day


def draw_turnover(days: Sequence[Day], *, currency: str) -> Chart:
    """One bar per day; the highest fills the height. `days` is not empty."""
    highest = max((day.turnover for day in days), default=ZERO)
    step = Decimal(WIDTH) / len(days)
    bars = []
    for number, day in enumerate(days):
        height = Decimal(HEIGHT) * day.turnover / highest if highest else ZERO
        height = max(height, Decimal(1))
        orders = f"{day.orders} {'order' if day.orders == 1 else 'orders'}"
        bars.append(
            Bar(
                x=f"{step * number + step / 10:.2f}",
                y=f"{Decimal(HEIGHT) - height:.2f}",
                width=f"{step * 8 / 10:.2f}",
                height=f"{height:.2f}",
                words=f"{day.day:%d %b}: {day.turnover:.2f} {currency}, {orders}",
            )
        )
    return Chart(bars, WIDTH, HEIGHT, highest, days[0], days[-1])
