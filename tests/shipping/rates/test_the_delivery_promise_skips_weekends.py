"""Working days only; one day, one month, two months, a year's end in words."""

from datetime import date

import pytest

from shipping.rates.promise import add_working_days, arrival_words


@pytest.mark.parametrize(
    ("ordered_on", "days", "words"),
    [
        (date(2026, 11, 20), (2, 4), "Arrives Tue 24 – Thu 26 Nov"),  # a Friday
        (date(2026, 11, 21), (2, 4), "Arrives Tue 24 – Thu 26 Nov"),  # Saturday
        (date(2026, 11, 22), (2, 4), "Arrives Tue 24 – Thu 26 Nov"),  # Sunday
        (date(2026, 11, 23), (2, 4), "Arrives Wed 25 – Fri 27 Nov"),  # Monday
        (date(2026, 11, 20), (1, 1), "Arrives Mon 23 Nov"),
        (date(2026, 11, 26), (1, 3), "Arrives Fri 27 Nov – Tue 1 Dec"),
        (date(2026, 12, 30), (1, 3), "Arrives Thu 31 Dec – Mon 4 Jan"),
        (date(2028, 2, 28), (1, 2), "Arrives Tue 29 Feb – Wed 1 Mar"),
        (date(2026, 11, 23), (0, 0), "Arrives Tue 24 Nov"),
        (date(2026, 11, 23), (5, 10), "Arrives Mon 30 Nov – Mon 7 Dec"),
    ],
)
def test_words(ordered_on: date, days: tuple[int, int], words: str) -> None:
    assert arrival_words(ordered_on=ordered_on, days_min=days[0], days_max=days[1]) == words


def test_never_a_weekend() -> None:
    for day in range(1, 31):
        for days in range(1, 20):
            assert add_working_days(date(2026, 11, day), days).weekday() < 5
