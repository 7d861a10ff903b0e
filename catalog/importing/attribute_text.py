"""Attribute values as text: how each of Oscar's attribute types is written in a file, and stored."""

from typing import Any

from catalog.attributes.reading import WrongValue, read_value
from catalog.attributes.rules import Rule
from catalog.importing.rows import UnreadableCell
from catalog.publication.instants import write_instant

COLUMNS = {
    "text": "value_text",
    "richtext": "value_richtext",
    "integer": "value_integer",
    "boolean": "value_boolean",
    "float": "value_float",
    "date": "value_date",
    "datetime": "value_datetime",
    "option": "value_option_id",
    "multi_option": "",
}
"""Types that a file can hold, and the column of the value table that they fill (several options have a table)."""


def to_canonical(text: str, *, rule: Rule, column: str) -> str:
    """The one spelling of a value: `yes` is `Yes`, several options are in alphabetical order. Raises UnreadableCell."""
    try:
        return read_value(text, rule)
    except WrongValue as problem:
        raise UnreadableCell(column=column, value=text, reason=str(problem)) from problem


def to_stored(text: str, *, kind: str) -> Any:
    """What the value column of this type holds for canonical text; options are looked up by the caller."""
    if kind == "boolean":
        return text == "Yes"
    if kind == "integer":
        return int(text)
    return float(text) if kind == "float" else text


def from_stored(kind: str, values: tuple[Any, ...]) -> str | None:
    """Canonical text of a row of (text, richtext, integer, boolean, float, date, datetime, option, options), None for none."""
    text, richtext, integer, boolean, number, day, instant, option, options = values
    if kind == "boolean":
        return None if boolean is None else "Yes" if boolean else "No"
    if kind == "multi_option":
        return "|".join(sorted(options)) if options else None
    if kind == "datetime":
        return None if instant is None else write_instant(instant)
    if kind == "float":
        return None if number is None else repr(number)
    found = {"text": text, "richtext": richtext, "integer": integer, "date": day, "option": option}.get(kind)
    return None if found is None or found == "" else str(found)
