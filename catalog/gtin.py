"""Global Trade Item Numbers: one reading for forms and files (GS1 General Specifications 7.9)."""

import re
from collections.abc import Iterator

from stdnum import ean


class WrongGtin(ValueError):
    """The text is no GTIN; the message is the sentence to show."""


def read_gtin(text: str) -> str:
    """The digits of a GTIN of 8, 12, 13 or 14 digits with the right check digit. Raises WrongGtin."""
    digits = ean.compact(text.strip().lstrip("'"))
    if re.fullmatch(r"\d+(?:[.,]\d+)?[eE]\+?\d+", digits):
        raise WrongGtin(
            "A spreadsheet shortened this number. Format the column as text, enter all digits and export it again."
        )
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (8, 12, 13, 14):
        raise WrongGtin("This is not a GTIN (EAN, UPC). Expected 8, 12, 13 or 14 digits, or an empty cell.")
    expected = ean.calc_check_digit(digits[:-1])
    if expected != digits[-1]:
        raise WrongGtin(
            f"The check digit of this GTIN is {digits[-1]}, but it should be {expected}. Compare it with the package."
        )
    return digits


def following_gtins(first: str) -> Iterator[str]:
    """`first`, a right GTIN, and those after it, each with its own check digit, as long as there are digits."""
    body = first[:-1]
    for number in range(int(body), 10 ** len(body)):
        digits = str(number).zfill(len(body))
        yield digits + ean.calc_check_digit(digits)
