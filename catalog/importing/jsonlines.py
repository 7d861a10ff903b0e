"""JSON Lines: one object per line, keys named like the native columns."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from catalog.importing.limits import Limits
from catalog.importing.rows import RowError


class UnreadableObject(ValueError):
    """The line is JSON, but not an object of texts, numbers, lists of texts."""


def read_objects(path: Path, *, encoding: str, limits: Limits) -> Iterator[tuple[int, dict[str, str]] | RowError]:
    """Line number and texts by key. Numbers keep their digits, lists are joined by `|`, null is an empty text."""
    with path.open("r", encoding=encoding, newline="\n") as file:
        line = 0
        while text := file.readline(limits.record_length):
            line += 1
            text = text.removeprefix("\ufeff")
            if len(text) >= limits.record_length and not text.endswith("\n"):
                while (rest := file.readline(limits.record_length)) and not rest.endswith("\n"):
                    continue
                reason = (
                    f"This line is longer than {limits.record_length:,} characters. Shorten it, or split it into lines."
                )
                yield RowError(line=line, column="", value=text, reason=reason)
            elif text.strip():
                yield _read_object(text, line=line, limits=limits)


def _read_object(text: str, *, line: int, limits: Limits) -> tuple[int, dict[str, str]] | RowError:
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_take_pairs)
        if not isinstance(found, dict):
            raise UnreadableObject('Expected one JSON object per line, such as {"handle": "mug", "sku": "MUG-1"}.')
        cells = {key.strip(): _as_text(value, key=key) for key, value in found.items()}
        for key, cell in cells.items():
            if len(cell) > limits.cell_length:
                raise UnreadableObject(
                    f"The value of “{key}” is longer than {limits.cell_length:,} characters. Shorten it."
                )
    except UnreadableObject as error:
        return RowError(line=line, column="", value=text, reason=str(error))
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or too long a value"
        reason = f"This line is not JSON ({what}). Write one complete object per line."
        return RowError(line=line, column="", value=text, reason=reason)
    return line, cells


def _take_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableObject("A key appears twice in this object. Keep one of them.")
    return found


def _refuse_constant(name: str) -> None:
    raise UnreadableObject(f"{name} is not a number that can be imported. Write the value, or null.")


def _as_text(value: object, *, key: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if any(isinstance(part, list) for part in value):
            raise UnreadableObject(
                f"The value of “{key}” is a list of lists. Expected one list of texts; a category path is one text: A > B > C."
            )
        return "|".join(_as_text(part, key=key) for part in value)
    if isinstance(value, str | int | Decimal):
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if "\0" in text or not _is_encodable(text):
            raise UnreadableObject(f"The value of “{key}” holds a character that is not text. Remove it.")
        return text
    raise UnreadableObject(f"The value of “{key}” is an object. Expected text, a number, true, false, null or a list.")


def _is_encodable(text: str) -> bool:
    """False for half of a surrogate pair, which JSON can write but no database can store."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
