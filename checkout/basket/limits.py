"""How much goes into one basket."""

MAX_QUANTITY = 99
MAX_LINES = 100
MAX_CODES = 5


def most_of(saleable: int | None) -> int:
    """The largest quantity of one line; `saleable` is None for things without end."""
    return MAX_QUANTITY if saleable is None else min(saleable, MAX_QUANTITY)
