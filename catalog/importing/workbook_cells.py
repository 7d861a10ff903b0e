"""Cells of a workbook that have no value to read: a formula that was never computed, or one that ended in an error.

The reader of workbooks shows both as empty, and an empty cell leaves the shop's value alone: a price would be lost
without a word. So the sheet's own XML (ECMA-376, part 1, 18.3.1.4) is looked through for them.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BLOCK: Final = 1024 * 1024
OVERLAP: Final = 64 * 1024
"""Longer than any cell with a formula (8,192 characters at most, as entities)."""
MOST: Final = 10_000
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet [^>]*r:id=\"([^\"]+)\"")
_TARGET: Final = re.compile(rb"<Relationship\b(?=[^>]*\bId=\"([^\"]+)\")(?=[^>]*\bTarget=\"([^\"]+)\")")
_CELL: Final = re.compile(
    rb"<c\b(?=[^>]*\br=\"([A-Z]{1,3})(\d{1,7})\")([^>]*)>"
    rb"(?:<f\b[^>]*(?:/>|>[^<]*</f>)\s*(<v\s*/>|<v></v>)?\s*</c>|(?:<f\b[^>]*(?:/>|>[^<]*</f>)\s*)?<v>(#[^<]{2,20})</v>\s*</c>)"
)
FORMULA: Final = (
    "This cell holds a formula that no program has computed yet. Open the workbook in a spreadsheet program and save it, or "
    "write the value itself."
)


@dataclass(frozen=True, slots=True)
class Unread:
    """`column` counts from 0, as does the reader of the sheet."""

    column: int
    value: str
    reason: str


def find_unread(path: Path, *, sheet: int) -> dict[int, Unread]:
    """The first such cell of each row, by the row's number from 1. Empty for what is no .xlsx."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _find(archive, _name_of(archive, sheet))
    except (zipfile.BadZipFile, KeyError, IndexError, OSError):
        return {}


def _name_of(archive: zipfile.ZipFile, sheet: int) -> str:
    wanted = _SHEET.findall(archive.read("xl/workbook.xml"))[sheet]
    targets = dict(_TARGET.findall(archive.read("xl/_rels/workbook.xml.rels")))
    target = targets[wanted].decode()
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _find(archive: zipfile.ZipFile, name: str) -> dict[int, Unread]:
    found: dict[int, Unread] = {}
    for block in _blocks(archive, name):
        if b"<f" not in block and b't="e"' not in block:
            continue
        for letters, row, attributes, _, error in _CELL.findall(block):
            is_text = b't="str"' in attributes and not error
            if is_text or (error and b't="e"' not in attributes):
                continue  # a formula whose value is the empty text; a text that begins with #
            value = error.decode(errors="replace")
            reason = (
                f"This cell shows the error {value}. Correct its formula, or write the value itself."
                if value
                else FORMULA
            )
            known = found.get(int(row))
            unread = Unread(_number(letters), value, reason)
            if len(found) < MOST and (known is None or unread.column < known.column):
                found[int(row)] = unread
    return found


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The file in pieces that overlap, so that no cell is torn apart."""
    rest = b""
    with archive.open(name) as file:
        while block := file.read(BLOCK):
            yield rest + block
            rest = block[-OVERLAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
