"""Lists as CSV for a spreadsheet, streamed, with a guard against cells that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def guard_cell(value: Any) -> str:
    """A text that would start a formula gets an apostrophe (OWASP, CSV injection). Plain numbers stay numbers."""
    text = "" if value is None else str(value)
    is_number = isinstance(value, int | float) or text.lstrip("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if text.startswith(STARTS_OF_FORMULAS) and not is_number else text


class _Echo:
    """`csv` writes here; the line goes straight to the response."""

    def write(self, line: str) -> str:
        return line


def stream_csv(name: str, *, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """UTF-8 with a mark, so that spreadsheets read umlauts. Rows are fetched as they are sent."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(header)
        for row in rows:
            yield writer.writerow([guard_cell(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
