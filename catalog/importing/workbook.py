"""Excel workbooks (.xlsx and the older .xls): the first sheet, after a look at how much an archive unpacks to."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum, load_workbook

from catalog.importing.delimited import RawRow
from catalog.importing.limits import Limits
from catalog.importing.rows import RowError, UnreadableFile
from catalog.importing.workbook_cells import find_unread

LOCAL_HEADER = 30
PACKED = "This is a packed archive. Unpack it, and import the file that is inside."
NOT_A_WORKBOOK = (
    "This is not an Excel workbook that can be opened. Save it as .xlsx or as UTF-8 CSV and import it again."
)


def check_archive(path: Path, *, limits: Limits) -> None:
    """Raises UnreadableFile for an archive that unpacks to too much: by what it really holds, not what it declares."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            entries = archive.infolist()
            if not any(entry.filename.startswith(("xl/", "[Content_Types]", "mimetype")) for entry in entries):
                raise UnreadableFile(PACKED)
            declared = sum(entry.file_size for entry in entries)
            packed = max(1, sum(entry.compress_size for entry in entries))
            if declared > limits.unpacked_bytes or len(entries) > 10_000:
                raise _too_big(limits)
            unpacked = 0
            for entry in entries:
                if entry.flag_bits & 1:
                    raise UnreadableFile("The workbook has a password. Save it without one and import it again.")
                raw.seek(entry.header_offset)
                header = raw.read(LOCAL_HEADER)
                raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
                if entry.compress_type == zipfile.ZIP_DEFLATED:
                    unpacked += _count_deflated(raw.read(entry.compress_size), limit=limits.unpacked_bytes - unpacked)
                else:
                    unpacked += entry.compress_size
                if unpacked > limits.unpacked_bytes:
                    raise _too_big(limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableFile(NOT_A_WORKBOOK) from error
    if unpacked > limits.unpacked_ratio * packed and unpacked > 10 * 1024 * 1024:
        raise _too_big(limits)


def read_sheet(path: Path, *, limits: Limits) -> Iterator[RawRow | RowError]:
    """Rows of the first sheet that shows something, as texts; numbers as a spreadsheet shows them, dates as 2026-01-31."""
    try:
        number, sheet = _first_sheet(load_workbook(path))
        if sheet.total_width > limits.columns:
            raise UnreadableFile(
                f"The sheet has {sheet.total_width:,} columns, {limits.columns:,} are the most. Delete the columns that are not needed."
            )
        unread = find_unread(path, sheet=number)
        left = sheet.start[1] if sheet.start else 0  # empty columns before the table are left out, empty rows not
        for line, row in enumerate(sheet.iter_rows(), start=1):
            cells = [_as_text(value) for value in row]
            if any("\0" in cell for cell in cells):
                reason = "This row holds a NUL character, which no text has. Type the cell anew."
                yield RowError(line=line, column="", value="", reason=reason)
            elif line in unread:
                one = unread[line]
                yield RowError(line=line, column=str(one.column - left + 1), value=one.value, reason=one.reason)
            elif any(cells):
                yield RawRow(line, cells)
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise UnreadableFile(NOT_A_WORKBOOK) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how the Rust reader gives up; not an Exception
            raise UnreadableFile(NOT_A_WORKBOOK) from error
        raise


def _first_sheet(book: CalamineWorkbook) -> tuple[int, CalamineSheet]:
    """With its number. Not a hidden one, nor an empty one in front of the others."""
    seen = [number for number, one in enumerate(book.sheets_metadata) if one.visible == SheetVisibleEnum.Visible]
    filled = (number for number in seen if book.get_sheet_by_index(number).total_height)
    number = next(filled, seen[0] if seen else 0)
    return number, book.get_sheet_by_index(number)


def _too_big(limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        f"The workbook unpacks to more than {limits.unpacked_bytes // 2**20} MB or {limits.unpacked_ratio} times its size. "
        "Save the sheet as CSV and import that."
    )


def _count_deflated(packed: bytes, *, limit: int) -> int:
    """Bytes that `packed` unpacks to, counting no further than just over `limit`."""
    stream, total, pending = zlib.decompressobj(-zlib.MAX_WBITS), 0, packed
    while pending and total <= limit and not stream.eof:
        total += len(stream.decompress(pending, 1024 * 1024))
        pending = stream.unconsumed_tail
    return total


def _as_text(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
