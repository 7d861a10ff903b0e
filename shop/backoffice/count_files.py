"""The count sheet as a file: to print or fill in, and back with what was counted."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from inventory.counting import Counted
from inventory.models import CountSheet
from shop.backoffice.refusal import Refused

HEADER: Final = ("sku", "product", "counted", "counted_at")
LARGEST_FILE: Final = 2_000_000
MOST_PROBLEMS: Final = 5


def sheet_rows(sheet: CountSheet) -> Iterator[tuple[object, ...]]:
    """SKU and name, with room for the count: nothing says what is expected."""
    lines = sheet.lines.select_related("stock_record__product__parent").order_by("pk")
    for line in lines.iterator(chunk_size=2000):
        yield line.stock_record.partner_sku, line.stock_record.product.get_title(), "", ""


def read_counts(sheet: CountSheet, data: bytes) -> list[Counted]:
    """Rows with a count, as lines of the sheet; rows without one were not counted. Raises Refused, naming the rows."""
    if len(data) > LARGEST_FILE:
        raise Refused("This file is larger than any count sheet; choose the one that was downloaded here.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter)
    if not {"sku", "counted"} <= {str(name).strip().lower() for name in reader.fieldnames or ()}:
        raise Refused("The first row must name the columns sku and counted, as the downloaded sheet does.")
    by_sku = dict(sheet.lines.values_list("stock_record__partner_sku", "pk"))
    found: dict[int, Counted] = {}
    problems: list[str] = []
    try:
        for number, row in enumerate(reader, start=2):
            cells = {
                str(name).strip().lower(): (value or "").strip()
                for name, value in row.items()
                if isinstance(value, str)
            }
            if not cells.get("counted"):
                continue
            try:
                one = _read_row(cells, by_sku)
            except Refused as problem:
                problems.append(f"Row {number}: {problem}")
            else:
                found[one.line_id] = one
    except csv.Error as problem:
        raise Refused(f"This is not a CSV file: {problem}.") from problem
    if problems:
        more = f" And {len(problems) - MOST_PROBLEMS} more." if len(problems) > MOST_PROBLEMS else ""
        raise Refused(" ".join(problems[:MOST_PROBLEMS]) + more)
    if not found:
        raise Refused("No row of the file has a count.")
    return list(found.values())


def _read_row(cells: dict[str, str], by_sku: dict[str, int]) -> Counted:
    sku = cells.get("sku", "").removeprefix("'")
    if sku not in by_sku:
        raise Refused(f"SKU {sku[:60]!r} is not on this sheet.")
    if not (cells["counted"].isascii() and cells["counted"].isdigit() and len(cells["counted"]) < 10):
        raise Refused(f"{cells['counted'][:30]!r} is no whole number of units.")
    return Counted(by_sku[sku], int(cells["counted"]), _read_instant(cells.get("counted_at", "")))


def _read_instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = parse_datetime(text.replace(" ", "T", 1))
    except ValueError:
        at = None
    if at is None:
        raise Refused(f"{text[:30]!r} is no time of a count: write 2026-12-31 17:05, or leave it empty for now.")
    return make_aware(at) if is_naive(at) else at
