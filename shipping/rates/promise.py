"""When it arrives, in words: a range of days counted from today, weekends left out."""

from datetime import date, timedelta

SATURDAY = 5
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def add_working_days(day: date, days: int) -> date:
    """The day that is `days` working days (Monday to Friday) after `day`; a weekend counts as the Friday before it."""
    current = day
    while days > 0:
        current += timedelta(days=1)
        if current.weekday() < SATURDAY:
            days -= 1
    return current


def arrival(*, ordered_on: date, days_min: int, days_max: int) -> tuple[date, date]:
    """First and last day of arrival. What is ordered at a weekend leaves on Monday, like Friday evening's orders."""
    first = add_working_days(ordered_on, max(days_min, 1))
    return first, add_working_days(ordered_on, max(days_max, 1))


def arrival_words(*, ordered_on: date, days_min: int, days_max: int) -> str:
    """`Arrives Tue 24 – Thu 26 Nov`; both months when they differ, one day when both ends are the same."""
    first, last = arrival(ordered_on=ordered_on, days_min=days_min, days_max=days_max)
    if first == last:
        return f"Arrives {_day(first)} {_month(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"Arrives {_day(first)} – {_day(last)} {_month(last)}"
    return f"Arrives {_day(first)} {_month(first)} – {_day(last)} {_month(last)}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day}"


def _month(day: date) -> str:
    return MONTHS[day.month - 1]
