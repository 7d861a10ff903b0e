"""Writes rows as native CSV, JSON Lines or workbook, so that a spreadsheet runs nothing in it and the reader gets back exactly what was written."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from catalog.importing.cells import join_escaped
from catalog.importing.fact_cells import write_facts
from catalog.importing.kit_cells import write_components
from catalog.importing.native import ATTRIBUTE, COLUMNS
from catalog.importing.picture_cells import write_alts, write_images
from catalog.importing.rows import ProductRow

ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""In a workbook `_x000D_` stands for a character; the same letters in a text have to be told from it."""
DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
"""What spreadsheets take for a formula (OWASP ASVS 5.0, 1.2.10), also behind the quotes that guard it."""


def write_rows(rows: Iterable[ProductRow], *, to: TextIO, attribute_codes: Iterable[str]) -> int:
    """As CSV; the number of rows written. `to` has to be opened with newline=""."""
    codes = sorted(attribute_codes)
    writer = csv.writer(to, lineterminator="\r\n")
    writer.writerow(_header(codes))
    return sum(1 for cells in _list_cells(rows, codes) if writer.writerow(cells))


def write_lines(rows: Iterable[ProductRow], *, to: TextIO, attribute_codes: Iterable[str]) -> int:
    """As JSON Lines: the same columns as keys, those that say nothing left out."""
    codes = sorted(attribute_codes)
    header, count = _header(codes), 0
    for cells in _list_cells(rows, codes):
        said = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
        to.write(json.dumps(said, ensure_ascii=False) + "\n")
        count += 1
    return count


def write_workbook(rows: Iterable[ProductRow], *, to: Path, attribute_codes: Iterable[str]) -> int:
    """As .xlsx, row by row. Every cell is text, so that no spreadsheet rounds a number or makes a date of a SKU."""
    codes = sorted(attribute_codes)
    book = Workbook(write_only=True)
    sheet, count = book.create_sheet("Products"), 0
    sheet.append(_header(codes))
    for cells in _list_cells(rows, codes):
        sheet.append([as_text_cell(sheet, cell) for cell in cells])
        count += 1
    book.save(to)
    return count


def _header(codes: list[str]) -> list[str]:
    return [*COLUMNS, *(ATTRIBUTE + code for code in codes)]


def _list_cells(rows: Iterable[ProductRow], codes: list[str]) -> Iterator[list[str]]:
    for row in rows:
        yield [guard_cell(text) for text in (*_native_cells(row), *_attribute_cells(row, codes))]


def as_text_cell(sheet: Any, text: str) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, value=ESCAPE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text)))
    cell.data_type = "s"
    return cell


def guard_cell(text: str) -> str:
    """`'` before whatever a spreadsheet would run, or the reader would take for "clear"."""
    return f"'{text}" if DANGEROUS.match(text) else text


def _native_cells(row: ProductRow) -> list[str]:
    options = [*row.options, *[("", "")] * 3][:3]
    return [
        row.handle,
        row.sku,
        _text(row.title),
        _text(row.description),
        _text(row.product_class),
        _text(row.brand),
        "|".join(join_escaped(path, " > ").replace("|", "\\|") for path in _parts(row.categories)),
        join_escaped(_parts(row.tags), "|"),
        _text(row.gtin),
        _text(row.price),
        _text(row.compare_at_price),
        _text(row.cost),
        _text(row.currency),
        _text(row.tax_class),
        _text(row.weight_kg),
        _text(row.stock),
        _text(row.location),
        write_images(row.images, row.gallery),
        write_alts(row.image_alts),
        *(text for option in options for text in option),
        "" if row.published is None else str(row.published).lower(),
        write_components(row.components) if isinstance(row.components, tuple) else "",
        _text(row.kit_percent_off),
        *write_facts(row.facts),
    ]


def _attribute_cells(row: ProductRow, codes: list[str]) -> list[str]:
    return [_text(row.attributes.get(code)) for code in codes]


def _parts(value: object) -> tuple:
    return value if isinstance(value, tuple) else ()


def _text(value: object) -> str:
    return "" if value is None else f"{value:f}" if hasattr(value, "as_tuple") else str(value)
