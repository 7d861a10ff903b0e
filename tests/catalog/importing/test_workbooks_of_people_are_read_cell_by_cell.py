"""Hidden sheets, formulas without a value, errors, dates as prices: read right, or refused with row and column."""

import datetime
import io
from collections.abc import Callable, Iterable
from typing import Any

from openpyxl import Workbook

HEADER = ["handle", "sku", "title", "price", "stock"]


def written(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def table(*rows: Iterable[Any]) -> bytes:
    def fill(book: Workbook) -> None:
        for row in (HEADER, *rows):
            book.active.append(list(row))  # type: ignore[union-attr]

    return written(fill)


def test_of_a_workbook_the_first_sheet_that_shows_something_is_read(read_bytes) -> None:
    def fill(book: Workbook) -> None:
        book.active.append(["kg", "g"])  # type: ignore[union-attr]
        book.active.sheet_state = "hidden"  # type: ignore[union-attr]
        book.create_sheet("Empty")
        sheet = book.create_sheet("Products")
        sheet.append(HEADER)
        sheet.append(["mug", 1234, "Mug", 19.989999999999998])
        book.create_sheet("Notes").append(["=1+1"])

    found = read_bytes(written(fill), name="products.xlsx")
    assert [(row.sku, str(row.price)) for row in found.rows] == [("1234", "19.99")]


def test_a_cell_without_a_value_is_refused_and_not_taken_for_empty(read_bytes) -> None:
    found = read_bytes(
        table(
            ["a", "A", "A", "=1+2", 5],
            ["b", "B", "B", 4, "=NA()"],
            ["c", "C", "C", "#N/A", "=2*2"],
            ["d", "D", "#1 of its kind", 6, 7],
        ),
        name="products.xlsx",
    )
    assert [(row.sku, row.title, row.stock) for row in found.rows] == [("D", "#1 of its kind", 7)]
    assert [(error.line, error.column, error.value) for error in found.errors] == [
        (2, "price", ""),
        (3, "stock", ""),
        (4, "price", "#N/A"),
    ]
    assert "a formula that no program has computed yet" in found.errors[0].reason


def test_dates_and_times_are_no_prices(read_bytes) -> None:
    found = read_bytes(
        table(
            ["a", "A", "A", datetime.date(2026, 5, 12)],
            ["b", "B", "B", datetime.time(12, 50)],
            ["c", "C", "C", "12,50", 4.0],
        ),
        name="products.xlsx",
    )
    assert [(row.sku, str(row.price), row.stock) for row in found.rows] == [("C", "12.50", 4)]
    assert [(error.line, error.column, error.value) for error in found.errors] == [
        (2, "price", "2026-05-12"),
        (3, "price", "12:50:00"),
    ]


def test_a_table_may_stand_anywhere_on_its_sheet_and_lines_are_counted_as_it_shows_them(read_bytes) -> None:
    def fill(book: Workbook) -> None:
        for row, cells in enumerate(
            (HEADER, ["a", "A", "A", -1], ["b", "B", "B", 2, 3, "a note"], ["c", "C", "C", 3], ["d", "D", "D", "=1+1"]),
            4,
        ):
            for column, value in enumerate(cells, 3):
                book.active.cell(row, column, value)  # type: ignore[union-attr]

    found = read_bytes(written(fill), name="products.xlsx")
    assert [(row.line, row.sku) for row in found.rows] == [(7, "C")]
    assert [(error.line, error.column) for error in found.errors] == [(5, "price"), (6, ""), (8, "price")]
    assert "delete what stands beside the table" in found.errors[1].reason
