"""Numbers as people and spreadsheets write them: `1234.50`, `1.234,50`, `1 234,50`; read exactly, never guessed."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Literal

DecimalMark = Literal[".", ","]

GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+", re.ASCII)
SHAPE = re.compile(r"[+-]?\d[\d., '’\u00a0\u202f]*|[+-]?[.,]\d+", re.ASCII)
SPACES = re.compile(r"[ '’\u00a0\u202f]")
DIGITS = 18
"""Longest number taken, in digits: more than any price or weight needs."""


class UnreadableNumber(Exception):
    """The text is not a number that can be read without guessing; the message says why."""


def detect_decimal_mark(values: Iterable[str]) -> DecimalMark | None:
    """The mark that a column's values use for decimals, or None when none of them tells (or they disagree)."""
    marks = {mark for value in values if (mark := _telling_mark(value.strip())) is not None}
    return marks.pop() if len(marks) == 1 else None


@lru_cache(maxsize=4096)
def parse_number(text: str, *, mark: DecimalMark | None = None) -> Decimal:
    """Exact value of `text`. `mark` decides where one text alone could be read in two ways, such as `1,234`.

    Raises UnreadableNumber.
    """
    text = text.strip()
    if not text.isascii() or not text.replace(".", "", 1).isdigit():
        if re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", text):
            raise UnreadableNumber("a spreadsheet shortened this number; format the column as text and export it again")
        if not SHAPE.fullmatch(text):
            raise UnreadableNumber("expected a plain number such as 1234.50, without currency sign or letters")
    sign = -1 if text.startswith("-") else 1
    body = SPACES.sub("", text.lstrip("+-"))
    if sum(map(str.isdigit, body)) > DIGITS:
        raise UnreadableNumber(f"expected a number of at most {DIGITS} digits")
    whole, fraction = _split(body, mark)
    number = Decimal(f"{whole or '0'}.{fraction or '0'}" if fraction else whole or "0")
    return sign * number if number else number


def _telling_mark(text: str) -> DecimalMark | None:
    body = SPACES.sub("", text.lstrip("+-"))
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    if dots + commas == 1:
        mark: DecimalMark = "." if dots else ","
        whole, fraction = body.split(mark)
        if fraction.isdigit() and (len(fraction) != 3 or whole in ("", "0") or len(whole) > 3):
            return mark
    elif dots > 1:
        return ","
    elif commas > 1:
        return "."
    return None


def _split(body: str, mark: DecimalMark | None) -> tuple[str, str]:
    """Digits before and after the decimal mark."""
    found = _telling_mark(body)
    if found is None and ("." in body or "," in body):
        if mark is None and "," in body:
            raise UnreadableNumber(
                f"{body} can mean {body.replace(',', '')} or {body.replace(',', '.')}; "
                "write it without thousands separator, with a dot before the decimals"
            )
        found = mark or "."
    if found is None:
        return body, ""
    whole, _, fraction = body.rpartition(found) if found in body else (body, "", "")
    grouping = "," if found == "." else "."
    if found in whole or grouping in fraction or (grouping in whole and not GROUPED.fullmatch(whole)):
        raise UnreadableNumber("expected thousands in groups of three and one decimal mark, such as 1234.50")
    return whole.replace(grouping, ""), fraction
