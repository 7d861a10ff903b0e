"""Attribute values as text: how each of Oscar's attribute types is written in a file, and stored."""

from datetime import date
from typing import Any

from catalog.importing.cells import read_yes_no
from catalog.importing.rows import UnreadableCell

COLUMNS = {
    "text": "value_text",
    "richtext": "value_richtext",
    "integer": "value_integer",
    "boolean": "value_boolean",
    "float": "value_float",
    "date": "value_date",
    "option": "value_option_id",
    "multi_option": "",
}
"""Types that a file can hold, and the column of the value table that they fill (several options have a table)."""


def to_canonical(text: str, *, kind: str, column: str) -> str:
    """The one spelling of a value: `yes` is `Yes`, several options are in alphabetical order. Raises UnreadableCell."""
    if kind not in COLUMNS:
        reason = f"This attribute is of the type {kind}, which a file cannot hold. Set it in the back office."
        raise UnreadableCell(column=column, value=text, reason=reason)
    if kind == "multi_option":
        return "|".join(sorted({part.strip() for part in text.split("|") if part.strip()}))
    try:
        if kind == "boolean":
            return "Yes" if read_yes_no(text, column=column) else "No"
        if kind == "integer":
            return str(int(text))
        if kind == "float":
            return repr(float(text))
        if kind == "date":
            return date.fromisoformat(text).isoformat()
    except ValueError as error:
        reason = f"“{text[:40]}” is not of the attribute's type, {kind}. Correct the value."
        raise UnreadableCell(column=column, value=text, reason=reason) from error
    return text[:255] if kind == "option" else text


def to_stored(text: str, *, kind: str) -> Any:
    """What the value column of this type holds for canonical text; options are looked up by the caller."""
    if kind == "boolean":
        return text == "Yes"
    if kind == "integer":
        return int(text)
    return float(text) if kind == "float" else text


def from_stored(kind: str, values: tuple[Any, ...]) -> str | None:
    """Canonical text of a row of (text, richtext, integer, boolean, float, date, option, options), None for none."""
    text, richtext, integer, boolean, number, day, option, options = values
    if kind == "boolean":
        return None if boolean is None else "Yes" if boolean else "No"
    if kind == "multi_option":
        return "|".join(sorted(options)) if options else None
    if kind == "float":
        return None if number is None else repr(number)
    found = {"text": text, "richtext": richtext, "integer": integer, "date": day, "option": option}.get(kind)
    return None if found is None or found == "" else str(found)
