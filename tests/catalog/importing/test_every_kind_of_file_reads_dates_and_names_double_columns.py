"""A date that Excel keeps as a number is the date; a column that stands twice is named, whatever the file is of."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import Workbook

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE01")]


def write_book(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_days_and_minutes_of_a_workbook_are_those_of_the_calendar(read_file: Any, tmp_path: Path) -> None:
    own = write_book(
        tmp_path / "own.xlsx",
        [
            ["handle", "sku", "title", "price", "publish_from", "publish_to", "attribute:since"],
            ["a", "A", "A", 5.5, datetime(2026, 11, 27, 8, 0), date(2027, 1, 6), date(2024, 2, 29)],
        ],
    )
    found = read_file(own)
    assert found.errors == []
    row = found.rows[0]
    assert row.facts["publish_from"].startswith("2026-11-27T08:00")
    assert row.facts["publish_to"].startswith("2027-01-06T00:00")
    assert (row.attributes["since"], str(row.price)) == ("2024-02-29", "5.50")


@pytest.mark.parametrize(("ends", "price"), [(date(2020, 1, 31), "9.00"), (date(2999, 1, 31), "7.00")])
def test_a_sale_whose_last_day_is_a_date_of_excel_ends_on_it(
    read_file: Any, tmp_path: Path, ends: date, price: str
) -> None:
    woo = write_book(
        tmp_path / "woo.xlsx",
        [
            ["ID", "Type", "SKU", "Name", "Published", "Regular price", "Sale price", "Date sale price ends"],
            [1, "simple", "MUG", "Mug", 1, 9, 7, ends],
        ],
    )
    found = read_file(woo)
    assert ([str(row.price) for row in found.rows], found.errors) == ([price], [])


@pytest.mark.parametrize(
    ("command", "header"),
    [
        ("import_products", "handle,sku,title,price,Price"),
        ("import_prices", "sku,price,SKU"),
        ("import_stock", "sku,location,quantity,Quantity"),
        ("import_customers", "email,first_name,Email"),
        ("import_redirects", "from_path,to_path,To_Path"),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_column_that_stands_twice_is_named(
    tmp_path: Path, command: str, header: str, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, names = tmp_path / f"file.{suffix}", header.split(",")
    if suffix == "xlsx":
        write_book(path, [names, ["x"] * len(names)])
    else:
        path.write_text(f"{header}\n{','.join('x' * len(names))}\n", encoding="utf-8")
    with pytest.raises((SystemExit, CommandError)) as refused:
        call_command(command, str(path))
    told = "".join((str(refused.value), *capsys.readouterr()))
    assert "appears twice" in " ".join(told.split())
