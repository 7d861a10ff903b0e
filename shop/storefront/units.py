"""Attributes whose name ends in a unit (`Height cm`) are shown as `Height` and `9 cm`."""

from typing import Final

UNITS: Final = {"cm", "mm", "m", "ml", "l", "g", "kg", "w", "v", "lm", "h", "hours", "pages", "pieces"}
_WRITTEN: Final = {"w": "W", "v": "V", "l": "l"}
_ANSWERS: Final = {"yes": "Yes", "no": "No", "true": "Yes", "false": "No"}


def split_unit(name: str) -> tuple[str, str]:
    """The label and the unit; without one the unit is empty."""
    label, _, last = name.rpartition(" ")
    unit = last.casefold()
    return (label, _WRITTEN.get(unit, unit)) if label and unit in UNITS else (name, "")


def write_value(value: str, *, unit: str) -> str:
    answer = _ANSWERS.get(value.casefold(), value)
    return f"{answer} {unit}" if unit and value[:1].isdigit() else answer
