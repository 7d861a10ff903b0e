"""Writes rows as native CSV, so that a spreadsheet runs nothing in it and the reader gets back exactly what was written."""

import csv
import re
from collections.abc import Iterable
from typing import TextIO

from catalog.importing.cells import join_escaped
from catalog.importing.kit_cells import write_components
from catalog.importing.native import ATTRIBUTE, COLUMNS
from catalog.importing.rows import ProductRow

DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
"""What spreadsheets take for a formula (OWASP ASVS 5.0, 1.2.10), also behind the quotes that guard it."""


def write_rows(rows: Iterable[ProductRow], *, to: TextIO, attribute_codes: Iterable[str]) -> int:
    """Number of rows written. `to` has to be opened with newline=""."""
    codes = sorted(attribute_codes)
    writer = csv.writer(to, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(ATTRIBUTE + code for code in codes)])
    count = 0
    for row in rows:
        count += 1
        writer.writerow([guard_cell(text) for text in (*_native_cells(row), *_attribute_cells(row, codes))])
    return count


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
        _images(row),
        *(text for option in options for text in option),
        "" if row.published is None else str(row.published).lower(),
        write_components(row.components) if isinstance(row.components, tuple) else "",
        _text(row.kit_percent_off),
    ]


def _attribute_cells(row: ProductRow, codes: list[str]) -> list[str]:
    return [_text(row.attributes.get(code)) for code in codes]


def _images(row: ProductRow) -> str:
    own = join_escaped(_parts(row.images), "|")
    gallery = _parts(row.gallery)
    return f"{own}||{join_escaped(gallery, '|')}" if gallery else own


def _parts(value: object) -> tuple:
    return value if isinstance(value, tuple) else ()


def _text(value: object) -> str:
    return "" if value is None else f"{value:f}" if hasattr(value, "as_tuple") else str(value)
