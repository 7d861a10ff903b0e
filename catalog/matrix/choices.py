"""What a product comes in, as staff write it: the names of its choices and their values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST_VARIANTS: Final = 500
MOST_VALUES: Final = 200
LONGEST_NAME: Final = 60
LONGEST_VALUE: Final = 60


class MatrixRefused(ValueError):
    """Nothing was written; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`values` in the order in which the variants are made.

    `present` is only for a choice that the product does not have yet: what everything that is sold today is.
    """

    name: str
    values: tuple[str, ...]
    present: str = ""


def read_values(text: str) -> tuple[str, ...]:
    """One value a line; on a single line commas or semicolons part them. What stands twice counts once.

    Raises MatrixRefused.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    if len(lines) < 2 and "\n" not in text:
        lines = [part.strip() for line in lines for part in re.split(_separator_of(line), line)]
    values = tuple({value.casefold(): value for value in reversed(lines) if value}.values())[::-1]
    if long := next((value for value in values if len(value) > LONGEST_VALUE), ""):
        raise MatrixRefused(f"“{long[:40]}…” has {len(long)} characters; a value has at most {LONGEST_VALUE}.")
    if unclean := next((value for value in values if not value.isprintable()), ""):
        raise MatrixRefused(f"“{unclean[:40]!r}” holds characters that nobody can see. Write the value again.")
    if len(values) > MOST_VALUES:
        raise MatrixRefused(f"These are {len(values)} values; a choice has at most {MOST_VALUES}.")
    return values


def write_values(values: Iterable[str]) -> str:
    """As `read_values` reads them back."""
    lines = "\n".join(values)
    return f"{lines}\n" if lines and "\n" not in lines else lines


def _separator_of(line: str) -> str:
    """`1,5 l; 2,5 l` and `1,5 l, 2,5 l` keep the commas of their numbers."""
    return ";" if ";" in line else r",\s+" if re.search(r",\s", line) else ","
