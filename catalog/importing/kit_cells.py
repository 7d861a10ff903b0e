"""The cells that make a SKU a kit: text to parts and back. Pure."""

import re
from collections.abc import Iterable

from catalog.importing import cells
from catalog.importing.numbers import DecimalMark
from catalog.importing.rows import Amount, Components, Text, UnreadableCell
from catalog.kits.limits import MOST_PARTS, MOST_UNITS

COLUMN, PERCENT = "components", "kit_percent_off"
_PART = re.compile(r"(?P<sku>.+?)(?:\s*\*\s*(?P<units>\d{1,9}))?", re.ASCII)


def read_components(text: Text) -> Components:
    """`CUP*2|POT`: units default to 1. Raises UnreadableCell."""
    if not isinstance(text, str):
        return text
    units: dict[str, int] = {}
    for part in cells.split_escaped(text, "|"):
        found = _PART.fullmatch(part.strip())
        number = int(found["units"] or 1) if found else 0
        if found is None or not 0 < number <= MOST_UNITS:
            reason = f"“{part[:60]}” is not a part of a kit. Expected SKU*units, several joined by |, as CUP*2|POT*1."
            raise UnreadableCell(column=COLUMN, value=text, reason=reason)
        sku = cells.read_sku(found["sku"], column=COLUMN)
        if sku in units:
            raise UnreadableCell(column=COLUMN, value=text, reason=f"{sku} is named twice. Add its units up: {sku}*2.")
        units[sku] = number
    if len(units) > MOST_PARTS:
        reason = f"{len(units)} parts are too many; a kit has at most {MOST_PARTS}."
        raise UnreadableCell(column=COLUMN, value=text, reason=reason)
    return tuple(units.items())


def write_components(components: Iterable[tuple[str, int]]) -> str:
    return cells.join_escaped([f"{sku}*{units}" for sku, units in components], "|")


def read_percent(text: Text, *, mark: DecimalMark | None) -> Amount:
    if not isinstance(text, str):
        return text
    percent = cells.read_cost(text.rstrip("% "), column=PERCENT, mark=mark)
    if percent > 100 or percent != round(percent, 2):
        reason = "Expected a percentage from 0 to 100 with at most two decimals, for example 10."
        raise UnreadableCell(column=PERCENT, value=text, reason=reason)
    return percent
