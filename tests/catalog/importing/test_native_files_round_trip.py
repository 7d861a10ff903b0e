"""What is written as a native file is read back as the same rows, and runs nothing in a spreadsheet."""

import csv
import io
import string
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.importing.native import COLUMNS
from catalog.importing.native_writer import write_rows
from catalog.importing.rows import ProductRow
from tests.catalog.importing.conftest import read_path

words = st.text(st.sampled_from("ab é|>\\,;\"'=+-@<&\u202f7"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "x"
)
names = st.lists(words, min_size=1, max_size=3, unique=True).map(tuple)
paths = st.lists(
    st.lists(words, min_size=1, max_size=3, unique_by=str.casefold).map(tuple), min_size=1, max_size=2, unique=True
)
money = st.decimals(min_value=0, max_value=10**6, places=2)
handles = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=8).filter(lambda text: text != "-")


@st.composite
def product_rows(draw: st.DrawFn) -> ProductRow:
    options = draw(st.lists(st.tuples(words, words), max_size=3, unique_by=lambda pair: pair[0].casefold()))
    return ProductRow(
        line=2,
        handle=draw(handles),
        sku=draw(words),
        title=draw(words),
        brand=draw(st.none() | words),
        categories=draw(st.none() | paths.map(tuple)),
        tags=draw(st.none() | names),
        price=draw(money),
        compare_at_price=draw(st.none() | money),
        weight_kg=draw(st.none() | st.decimals(min_value=0, max_value=999, places=3)),
        stock=draw(st.none() | st.integers(0, 10**6)),
        images=draw(st.none() | names),
        options=tuple(options),
        attributes=draw(st.dictionaries(st.sampled_from(["colour", "size_2"]), words)),
        published=draw(st.none() | st.booleans()),
    )


def plain(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=product_rows())
@pytest.mark.feature("IE05")
def test_any_row_comes_back_as_it_was(tmp_path: Path, row: ProductRow) -> None:
    path = tmp_path / "products.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows([row], to=file, attribute_codes=row.attributes)
    found = read_path(path)
    assert not found.errors
    back = found.rows[0]
    for name in ("handle", "sku", "title", "brand", "categories", "tags", "price", "compare_at_price", "weight_kg"):
        assert getattr(back, name) == getattr(row, name), name
    for name in ("stock", "images", "options", "attributes", "published"):
        assert getattr(back, name) == getattr(row, name), name


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_with_what_a_spreadsheet_would_run(start: str) -> None:
    buffer = io.StringIO()
    row = ProductRow(line=2, handle="mug", sku=f"{start}SKU", title=f"{start}cmd|'/c calc'!A0", price=Decimal(5))
    write_rows([row], to=buffer, attribute_codes=())
    cells = next(iter(csv.DictReader(io.StringIO(buffer.getvalue(), newline=""))))
    assert cells["title"] == f"'{start}cmd|'/c calc'!A0"
    assert cells["sku"][0] == "'"
    assert list(cells) == COLUMNS


def test_pictures_of_the_whole_product_stand_behind_two_bars(read_bytes) -> None:
    found = read_bytes(
        "handle,sku,title,price,images\nm,A,M,5,red.jpg||m.jpg|red.jpg\nm,B,M,5,||x.jpg\nn,C,N,5,n.jpg\n"
    )
    assert [(row.images, row.gallery) for row in found.rows] == [
        (("red.jpg",), ("m.jpg", "red.jpg")),
        ((), ("x.jpg",)),
        (("n.jpg",), None),
    ]
