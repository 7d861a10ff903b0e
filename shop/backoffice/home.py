"""Today: what waits for this person, and how the shop is doing. A constant number of queries."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from shop.backoffice.charts import Chart, draw_turnover
from shop.backoffice.sales import Day, daily_sales
from shop.backoffice.work_lists import WORK_LISTS, WorkList, count_all

DAYS = 30


@dataclass(frozen=True, slots=True)
class Number:
    work: WorkList
    count: int


@dataclass(frozen=True, slots=True)
class Home:
    sentence: str
    numbers: list[Number]
    today: Day | None
    chart: Chart | None
    month: Day | None
    currency: str


def present_home(user: Any) -> Home:
    """Only what the person may open is counted."""
    lists = [work for work in WORK_LISTS if user.has_perm(work.permission)]
    counts = count_all(lists)
    numbers = [Number(work, counts.get(work.code, 0)) for work in lists]
    days = daily_sales(DAYS) if user.has_perm("order.view_order") else []
    return Home(
        sentence=_sentence(numbers),
        numbers=numbers,
        today=days[-1] if days else None,
        chart=draw_turnover(days, currency=settings.SHOP_CURRENCY) if days else None,
        month=_sum(days) if days else None,
        currency=settings.SHOP_CURRENCY,
    )


def _sentence(numbers: list[Number]) -> str:
    if not numbers:
        return "Your account has no role yet. Ask the owner of the shop to give you one."
    waiting = [f"{number.work.title.lower()} {number.count}" for number in numbers if number.count]
    if not waiting:
        return "Nothing waits for you. The shop runs by itself."
    words = ", ".join(waiting)
    return f"{words[0].upper()}{words[1:]}."


def _sum(days: list[Day]) -> Day:
    return Day(days[0].day, sum(day.orders for day in days), sum((day.turnover for day in days), days[0].turnover * 0))
