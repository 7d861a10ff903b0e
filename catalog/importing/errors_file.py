"""The refused rows of an import as a file of the same kind, with the reason in a first column, to correct and import again.

Rows of other shops' files that need a row beside them (a variant its product) come with their whole product; the reason
of those other rows is empty, and importing them again changes nothing.
"""

import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from catalog.importing.families import FAMILIES
from catalog.importing.native_writer import as_text_cell, guard_cell
from catalog.importing.rows import RowError
from catalog.importing.source import REASON_COLUMN, Source, open_source

LONGEST_CELL: Final = 32_767
"""Characters that a cell of a workbook can hold."""


class RefusedLines:
    """Line numbers with the first reason each was refused for; a whole file that was refused has no line."""

    def __init__(self) -> None:
        self.reasons: dict[int, str] = {}

    def add(self, error: RowError) -> None:
        if error.line:
            where = f"{error.column}: " if error.column else ""
            self.reasons.setdefault(error.line, f"{where}{error.reason}")

    def write(self, path: Path, *, to: Path, format_name: str) -> Path:
        """Where the file is: beside `to` with the ending .xlsx when an old workbook was read. Raises UnreadableFile."""
        source = open_source(path)
        if source.kind == "jsonl":
            _write_objects(source, reasons=self.reasons, to=to)
            return to
        rows = self._rows(source, wanted=self._family_lines(source, format_name=format_name))
        header = [REASON_COLUMN, *_without_reason(source, list(source.header))]
        if source.kind == "xlsx":
            to = to.with_suffix(".xlsx")
            _write_workbook(chain([header], rows), to=to)
            return to
        codec = "utf-16" if source.encoding == "utf-16" else "utf-8-sig"
        if not source.guarded:
            rows = ([guard_cell(cell) for cell in row] for row in rows)
        with to.open("w", encoding=codec, newline="") as file:
            csv.writer(file, delimiter=source.delimiter).writerows(chain([header], rows))
        return to

    def _rows(self, source: Source, *, wanted: set[int]) -> Iterator[list[str]]:
        lines = source.raw_rows()
        if not source.headless:
            next(lines, None)
        for row in lines:
            if isinstance(row, RowError):
                reason = self.reasons.get(row.line, row.reason)
                yield [reason, _read_line(source, row.line) if source.kind == "csv" else row.value]
            elif row.line in self.reasons or row.line in wanted:
                yield [self.reasons.get(row.line, ""), *_without_reason(source, row.cells)]

    def _family_lines(self, source: Source, *, format_name: str) -> set[int]:
        """Lines of the products that refused rows belong to: those that share a name with one, and with those."""
        names_of = FAMILIES.get(format_name)
        if names_of is None or not self.reasons:
            return set()
        named: set[str] = set()
        for is_first in (True, False):
            for record in source.records():
                if not isinstance(record, RowError):
                    names = names_of(record.cells)
                    if record.line in self.reasons if is_first else not named.isdisjoint(names):
                        named |= names
        return {
            record.line
            for record in source.records()
            if not isinstance(record, RowError) and not named.isdisjoint(names_of(record.cells))
        }


def _without_reason(source: Source, cells: list[str]) -> list[str]:
    """Without the reasons of an earlier import of the same rows."""
    at = source.reason_at
    return cells if at < 0 else [*cells[:at], *cells[at + 1 :]]


def _write_objects(source: Source, *, reasons: dict[int, str], to: Path) -> None:
    """Lines that are no objects follow as they are, under a line of their own that says why."""
    with source.path.open(encoding=source.encoding, newline="\n") as lines, to.open("w", encoding="utf-8") as file:
        for number, line in enumerate(lines, start=1):
            if number not in reasons:
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                found = None
            if not isinstance(found, dict):
                file.write(
                    json.dumps({REASON_COLUMN: reasons[number]}, ensure_ascii=False) + "\n" + line.rstrip() + "\n"
                )
            else:
                file.write(json.dumps({REASON_COLUMN: reasons[number], **found}, ensure_ascii=False) + "\n")


def _write_workbook(rows: Iterator[list[str]], *, to: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([as_text_cell(sheet, cell[:LONGEST_CELL]) for cell in row])
    book.save(to)


def _read_line(source: Source, wanted: int) -> str:
    with source.path.open(encoding=source.encoding, newline="") as lines:
        for number, line in enumerate(lines, start=1):
            if number == wanted:
                return line.rstrip("\r\n")[: source.limits.cell_length]
    return ""
