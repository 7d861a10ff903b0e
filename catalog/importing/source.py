"""A file that rows can be read from, again and again, in constant memory, whatever is in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from catalog.importing.delimited import RawRow, detect_delimiter, read_rows
from catalog.importing.encoding import detect_encoding
from catalog.importing.headless import name_columns
from catalog.importing.jsonlines import read_objects
from catalog.importing.limits import MEGABYTE, Limits
from catalog.importing.rows import RowError, UnreadableFile
from catalog.importing.workbook import PACKED, check_archive, read_sheet

EMPTY = "The file is empty. Expected a header line with the names of the columns, then one row per product."
WEB_PAGE = (
    "This is a web page and no table: the other shop has probably answered with an error or asked for a sign-in. Open the "
    "file in a browser to see what it said, and export again. Expected CSV, JSON Lines, .xlsx or .xls."
)
HEADER_AGAIN = "This row names the columns once more: two files were joined here. Delete the row."
REASON_COLUMN = "import_error"
"""What the first column of a file of refused rows is called. It is skipped when the file comes back."""
GUARDED = re.compile(r"'+[=+\-@\t\r]")
Kind = Literal["csv", "jsonl", "xlsx"]


@dataclass(frozen=True, slots=True)
class Record:
    """The texts of one row by column name, stripped of outer blanks, and the line the row begins on."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An opened file. `header` is empty for JSON Lines, where every line names its own keys.

    Of a `headless` file the first line is data already, and `header` what its columns are known to be. `reason_at` is the
    column with the reasons in a file of refused rows, or -1.
    """

    path: Path
    kind: Kind
    header: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    encoding: str = "utf-8"
    delimiter: str = ","
    skip_lines: int = 0
    headless: bool = False
    reason_at: int = -1

    @property
    def guarded(self) -> bool:
        """Whether `'` stands before whatever a spreadsheet would run, as in a text file of refused rows."""
        return self.kind == "csv" and self.reason_at >= 0

    def records(self) -> Iterator[Record | RowError]:
        """All rows below the header, blank ones left out. Raises UnreadableFile when there are too many."""
        rows = self._objects() if self.kind == "jsonl" else self._table()
        for count, found in enumerate(rows, start=1):
            if count > self.limits.rows:
                raise UnreadableFile(
                    f"The file has more than {self.limits.rows:,} rows. Split it into parts and import one after the other."
                )
            yield found

    def raw_rows(self) -> Iterator[RawRow | RowError]:
        """The cells as they stand in the file, the header first. Not for JSON Lines."""
        if self.kind == "xlsx":
            return read_sheet(self.path, limits=self.limits)
        return read_rows(
            self.path,
            encoding=self.encoding,
            delimiter=self.delimiter,
            limits=self.limits,
            skip_lines=self.skip_lines,
        )

    def _objects(self) -> Iterator[Record | RowError]:
        for found in read_objects(self.path, encoding=self.encoding, limits=self.limits):
            yield (
                found
                if isinstance(found, RowError)
                else Record(found[0], {k: v.strip() for k, v in found[1].items() if k != REASON_COLUMN})
            )

    def _table(self) -> Iterator[Record | RowError]:
        rows = self.raw_rows()
        header, width = self.header, len(self.header)
        lowered = [name.casefold() for name in header]
        first = lowered[0] or None
        if not self.headless:
            next(rows, None)
        for row in rows:
            if isinstance(row, RowError):
                yield self._name_column(row)
                continue
            cells = row.cells
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if len(cells) != width and not (self.kind == "xlsx" and len(cells) < width):
                yield self._refuse_width(row.line, cells)
                continue
            if cells[0].casefold() == first and [cell.strip().casefold() for cell in cells] == lowered:
                yield RowError(line=row.line, column="", value=self.delimiter.join(cells), reason=HEADER_AGAIN)
                continue
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            if self.guarded:
                cells = [cell[1:] if GUARDED.match(cell) else cell for cell in cells]
            named = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if name}
            if any(named.values()):
                yield Record(row.line, named)

    def _refuse_width(self, line: int, cells: list[str]) -> RowError:
        advice = (
            "Give that column a name, or delete what stands beside the table."
            if self.kind == "xlsx"
            else f"A cell that holds the delimiter ({self.delimiter!r}) or a line break has to be in quotation marks."
        )
        reason = f"This row has {len(cells)} cells where the header has {len(self.header)}. {advice}"
        return RowError(line=line, column="", value=self.delimiter.join(cells), reason=reason)

    def _name_column(self, error: RowError) -> RowError:
        """A raw reader knows columns by number only."""
        if error.column.isdigit() and 0 < int(error.column) <= len(self.header):
            name = self.header[int(error.column) - 1]
            return RowError(line=error.line, column=name, value=error.value, reason=error.reason)
        return error


def open_source(path: Path, *, limits: Limits | None = None) -> Source:
    """Looks at size, kind, encoding, delimiter and header. Raises UnreadableFile with the sentence to show."""
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableFile(f"{path.name} is not a file. Give the path of a CSV, JSON Lines, .xlsx or .xls file.")
        with path.open("rb") as file:
            head = file.read(8192)
    except OSError as error:
        raise UnreadableFile(
            f"{path.name} cannot be opened: {error.strerror}. Check the path and its permissions."
        ) from error
    if size > limits.file_bytes:
        raise UnreadableFile(
            f"The file has {size // MEGABYTE:,} MB, {limits.file_bytes // MEGABYTE:,} MB are the most. Split it and import the parts."
        )
    if head.startswith((b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise UnreadableFile(PACKED)
    if head.startswith(b"%PDF"):
        raise UnreadableFile("This is a PDF, which is made to be printed. Export the products as CSV or .xlsx.")
    if head.startswith(b"PK\x03\x04"):
        check_archive(path, limits=limits)
        return _with_header(Source(path=path, kind="xlsx", header=(), limits=limits))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _with_header(Source(path=path, kind="xlsx", header=(), limits=limits))
    has_mark = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not has_mark and sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) // 20:
        raise UnreadableFile(
            "This is not a text file. Expected CSV, JSON Lines, .xlsx or .xls (text in UTF-8, in UTF-16 with its byte order mark, "
            "or in Windows-1252). Export the file again."
        )
    encoding = detect_encoding(path)
    beginning = head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if re.match(r"<(!doctype|html|head|body|table|\?xml|!--)", beginning, re.I):
        raise UnreadableFile(WEB_PAGE)
    if beginning.startswith("[") and beginning[1:].lstrip().startswith(("{", "]")):
        raise UnreadableFile(
            "This file is one JSON list. Expected JSON Lines: one object per line, without brackets around them."
        )
    if beginning.startswith("{"):
        return Source(path=path, kind="jsonl", header=(), limits=limits, encoding=encoding)
    delimiter, skip = detect_delimiter(path, encoding=encoding, limits=limits)
    return _with_header(
        Source(path=path, kind="csv", header=(), limits=limits, encoding=encoding, delimiter=delimiter, skip_lines=skip)
    )


def _with_header(source: Source) -> Source:
    first = next(source.raw_rows(), None)
    if first is None:
        raise UnreadableFile(EMPTY)
    if isinstance(first, RowError):
        raise UnreadableFile(f"The header line cannot be read. {first.reason}")
    known = name_columns(first.cells)
    if known is not None:
        return replace(source, header=known, headless=True)
    names = [" ".join(cell.replace("\u200b", "").split()) for cell in first.cells]
    reason_at = names.index(REASON_COLUMN) if REASON_COLUMN in names else -1
    names = ["" if name == REASON_COLUMN else name for name in names]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableFile(EMPTY)
    if len(names) > source.limits.columns:
        raise UnreadableFile(
            f"The header has {len(names):,} columns, {source.limits.columns:,} are the most. Delete the columns that are not needed."
        )
    seen: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if name and name.casefold() in seen:
            raise UnreadableFile(
                f"The column “{name[:60]}” appears twice, as column {seen[name.casefold()]} and {number}. Delete or rename one of them."
            )
        seen[name.casefold()] = number
    return replace(source, header=tuple(names), reason_at=reason_at)
