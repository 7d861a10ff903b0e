"""What customs and packing ask, read from text: tariff code, country of origin, sides. Pure."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from babel import Locale

LONGEST_SIDE_MM: Final = 30_000


class WrongFact(ValueError):
    """The text is not what the fact holds; the message is the sentence to show."""


def read_hs_code(text: str) -> str:
    """Digits without points and spaces. Chapters end with 97; 77 is reserved (HS 2022)."""
    digits = re.sub(r"[.\s]", "", text)
    if not re.fullmatch(r"\d{6}|\d{8}|\d{10}", digits) or not digits.isascii():
        raise WrongFact(f"“{text.strip()[:40]}” is not a tariff code. Expected 6, 8 or 10 digits, such as 6912.00.")
    if not 1 <= int(digits[:2]) <= 97 or digits[:2] == "77":
        raise WrongFact(f"There is no chapter {digits[:2]} in the tariff. Chapters are 01 to 97, without 77.")
    return digits


def read_origin(text: str) -> str:
    code = text.strip().upper()
    if code not in country_codes():
        named = next(
            (known for known, name in country_names().items() if name.casefold() == text.strip().casefold()), ""
        )
        hint = f"Write {named}." if named else "Write the two letters of ISO 3166, such as DE."
        raise WrongFact(f"“{text.strip()[:40]}” is not a country's code. {hint}")
    return code


def read_millimetres(text: str) -> str:
    if not re.fullmatch(r"\d{1,6}", text.strip()) or not text.isascii() or not 1 <= int(text) <= LONGEST_SIDE_MM:
        raise WrongFact(f"“{text.strip()[:40]}” is not a side in whole millimetres, from 1 to {LONGEST_SIDE_MM}.")
    return str(int(text))


READERS: Final[dict[str, Callable[[str], str]]] = {
    "hs_code": read_hs_code,
    "origin": read_origin,
    "length_mm": read_millimetres,
    "width_mm": read_millimetres,
    "height_mm": read_millimetres,
}


@cache
def country_names() -> dict[str, str]:
    """English names by code; regions that are no countries are left out."""
    known = Locale("en").territories
    left_out = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
    return {code: name for code, name in known.items() if len(code) == 2 and code.isalpha() and code not in left_out}


@cache
def country_codes() -> frozenset[str]:
    return frozenset(country_names())
