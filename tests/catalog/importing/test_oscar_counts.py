"""Oscar's own catalogue file gives the counts that a careful reader of the file finds.

Counted without our reader, by the csv module over books.essential.csv (82 rows of nine cells, no header):
  books      len({row[2]})                        82 UPCs, every one its own partner SKU
  titles     len({row[3]})                        80, and 79 without punctuation: so 3 handles carry the UPC
  prices     sum(Decimal(row[7]))                 1,115.18
  units      sum(int(row[8]))                     3,794
  UPCs       python-stdnum's isbn.is_valid        82
"""

from decimal import Decimal
from pathlib import Path

import pytest


@pytest.mark.feature("IE08")
def test_the_sample_has_82_books(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "oscar" / "books.essential.csv")
    assert (found.format, len(found.rows), found.errors) == ("oscar", 82, [])
    assert len({row.handle for row in found.rows}) == 82
    assert sum(len(row.handle) > 13 and row.handle.endswith(row.sku) for row in found.rows) == 3
    assert sum(row.price for row in found.rows) == Decimal("1115.18")
    assert sum(row.stock for row in found.rows) == 3_794
    assert all(row.gtin == row.sku for row in found.rows)
    assert (found.rows[0].line, found.rows[0].title) == (1, "The C Programming Language")
    assert {row.categories for row in found.rows} == {(("Books", "Non-Fiction", "Essential programming"),)}


def test_the_same_columns_with_a_header_and_the_short_form_are_read(read_bytes) -> None:
    headed = read_bytes('upc,title,category,partner_sku,price,num_in_stock\n123,Mug,Home,MUG,"4,50",3\n')
    assert [(row.sku, str(row.price), dict(row.attributes)) for row in headed.rows] == [("MUG", "4.50", {"upc": "123"})]
    short = read_bytes("Book,Books,9780131103627,C,Old\nBook,Books,,D,Old\n")
    assert [row.sku for row in short.rows] == ["9780131103627"]
    assert [error.column for error in short.errors] == ["upc"]


@pytest.mark.django_db
def test_the_sample_lands_again_unchanged(shared_data: Path, run_import) -> None:
    file = shared_data / "oscar" / "books.essential.csv"
    first = run_import(file)
    assert (first.created, first.products, first.failed) == (82, 82, 0)
    assert run_import(file).unchanged == 82
