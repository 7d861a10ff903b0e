"""CSV files: comma, semicolon, tab or bar; every malformed row becomes a sentence and the rows after it are still read."""

import csv
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.importing.limits import Limits
from catalog.importing.lines import LineFeed
from catalog.importing.rows import RowError, UnreadableFile

DELIMITERS = (",", ";", "\t", "|")
REOPENINGS = 20
"""Each unclosed quote whose row is too long to keep costs another pass over the file; after so many it is given up."""
NUL_REASON = "This row holds a NUL byte, which no text has. Export the file again from the program that wrote it."

csv.field_size_limit(2**31 - 1)  # LineFeed bounds the length of a record; the parser's own limit loses its place


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row, and the line it begins on."""

    line: int
    cells: list[str]


def detect_delimiter(path: Path, *, encoding: str, limits: Limits) -> tuple[str, int]:
    """The delimiter that splits the first row into most cells, and how many lines come before that row.

    `sep=;` as first line, which Excel writes and reads, is believed.
    """
    with path.open("r", encoding=encoding, newline="") as file:
        first = file.readline(limits.record_length)
        hint = first.removeprefix("\ufeff").strip("\r\n").strip('"').lower()
        if hint.startswith("sep=") and hint[4:] in DELIMITERS:
            return hint[4:], 1
        if not first and path.stat().st_size <= 4:
            return ",", 0
    counts = {}
    for delimiter in DELIMITERS:
        with LineFeed(path, encoding=encoding, record_length=limits.record_length, delimiter=delimiter) as feed:
            try:
                counts[delimiter] = len(next(csv.reader(feed, delimiter=delimiter, strict=True), []))
            except csv.Error:
                counts[delimiter] = -1
    best = max(DELIMITERS, key=lambda delimiter: counts[delimiter])
    if counts[best] <= 1 and min(counts.values()) < 0:
        raise UnreadableFile(
            "The header line has a quotation mark that is never closed. Correct the first line and import the file again."
        )
    return best, 0


def read_rows(
    path: Path, *, encoding: str, delimiter: str, limits: Limits, skip_lines: int
) -> Iterator[RawRow | RowError]:
    """Every row of the file, the header first; blank rows are left out."""
    for _ in range(REOPENINGS):
        with LineFeed(
            path, encoding=encoding, record_length=limits.record_length, delimiter=delimiter, skip_lines=skip_lines
        ) as feed:
            go_on_after = yield from _read_feed(feed, delimiter=delimiter, limits=limits)
        if go_on_after is None:
            return
        skip_lines = go_on_after
    reason = "Too many rows have a quotation mark that is never closed. The rest of the file was not read."
    yield RowError(line=skip_lines + 1, column="", value="", reason=reason)


def _read_feed(feed: LineFeed, *, delimiter: str, limits: Limits) -> Generator[RawRow | RowError, None, int | None]:
    """Returns None at the end of the file, or the line after which the file has to be opened again."""
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return None
        except csv.Error as error:
            start = feed.start
            yield _explain(error, line=start)
            if not feed.step_back():
                return start
            continue
        start, length, has_nul, is_oversized = feed.start, feed.length, feed.has_nul, feed.is_oversized
        feed.end_record()
        if has_nul:
            yield RowError(line=start, column="", value=delimiter.join(cells), reason=NUL_REASON)
        elif is_oversized or length > limits.cell_length:
            yield _check_lengths(RawRow(start, cells), is_oversized=is_oversized, limits=limits)
        elif any(cells):
            yield RawRow(start, cells)


def _check_lengths(row: RawRow, *, is_oversized: bool, limits: Limits) -> RawRow | RowError:
    longest = max(range(len(row.cells)), key=lambda index: len(row.cells[index]))
    if is_oversized or len(row.cells[longest]) > limits.cell_length:
        return RowError(
            line=row.line,
            column=str(longest + 1),
            value=row.cells[longest],
            reason=f"Column {longest + 1} of this row is longer than {limits.cell_length:,} characters. "
            "Shorten the cell, or look for a quotation mark that is never closed.",
        )
    return row


def _explain(error: csv.Error, *, line: int) -> RowError:
    if "end of data" in str(error):
        reason = (
            "A quotation mark opened in this row is never closed. Close it, or double it if it is part of the text."
        )
    else:
        reason = (
            "A quotation mark stands in the middle of a cell of this row. "
            'Write it twice ("") and put the whole cell in quotation marks.'
        )
    return RowError(line=line, column="", value="", reason=reason)
