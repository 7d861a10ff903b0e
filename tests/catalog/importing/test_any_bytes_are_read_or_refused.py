"""Whatever bytes a file holds, reading it ends in rows, row errors, or one sentence about the file."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.importing.limits import Limits
from catalog.importing.rows import UnreadableFile
from tests.catalog.importing.conftest import read_path

HEADERS = (
    "handle,sku,title,price,stock,categories,images,option1_name,option1_value,attribute:a,gtin,description",
    "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Image Src,Image Position",
    "ID,Type,SKU,Name,Published,Sale price,Regular price,Parent,Weight (kg),Stock,Categories,Attribute 1 name,Attribute 1 value(s)",
    "sku,store_view_code,attribute_set_code,product_type,categories,name,price,special_price,special_price_to_date,additional_attributes,qty,configurable_variations",
)
PIECES = st.sampled_from(
    [
        *(
            ",",
            ";",
            "\t",
            "|",
            '"',
            '""',
            "\n",
            "\r\n",
            "\r",
            "\0",
            "'",
            "=",
            "-",
            "\\",
            "/",
            ">",
            "||",
            "1.234,56",
            "-5",
            "é",
            "\ufeff",
        ),
        *(
            "simple",
            "variation",
            "variable",
            "configurable",
            "sku=A,size=S|sku=B,size=M",
            "A > B > A",
            "handle",
            "A",
            "12",
            "{",
            "}",
        ),
        *("true", "4006381333931", "1e400", "NaN", "\u202e", "\ud7ff", "x" * 300, "<script>", "a=b,c=d"),
    ]
)
LIMITS = Limits(rows=500, columns=60, cell_length=200, record_length=400)
fuzz = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        found = read_path(path, limits=LIMITS)
    except UnreadableFile:
        return
    for problem in found.errors:
        assert problem.reason.endswith(".")
        assert len(problem.value) <= 200
    for row in found.rows:
        assert 0 < len(row.sku) <= 128
        assert 0 < len(row.handle) <= 255
        assert row.price is None or row.price >= 0


@fuzz
@given(data=st.binary(max_size=2000))
def test_random_bytes(tmp_path: Path, data: bytes) -> None:
    read(tmp_path / "any.csv", data)


@fuzz
@given(
    header=st.sampled_from(HEADERS),
    body=st.lists(PIECES, max_size=120),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
@pytest.mark.feature("IE01")
def test_rows_of_nonsense_below_a_real_header(
    tmp_path: Path, header: str, body: list[str], encoding: str, delimiter: str
) -> None:
    text = header.replace(",", delimiter) + "\n" + "".join(body)
    read(tmp_path / "any.csv", text.encode(encoding, "replace"))


@fuzz
@given(body=st.lists(PIECES, max_size=60))
def test_lines_that_begin_like_json(tmp_path: Path, body: list[str]) -> None:
    read(tmp_path / "any.jsonl", ('{"handle":"a"}\n{' + "".join(body)).encode())


@settings(fuzz, max_examples=60)
@given(sheet=st.binary(max_size=600), name=st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "../x"]))
def test_archives_of_nonsense(tmp_path: Path, sheet: bytes, name: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, sheet)
    read(tmp_path / "any.xlsx", buffer.getvalue())
    read(tmp_path / "any.xlsx", buffer.getvalue()[: len(sheet)])
