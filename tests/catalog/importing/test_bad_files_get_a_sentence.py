"""Every malformed file gets a sentence with line and column, and the good rows beside it are read."""

import io
import json
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from catalog.importing.limits import Limits
from catalog.importing.rows import UnreadableFile

HEADER = "handle,sku,title,price"
GOOD = "mug,MUG-1,Mug,12.50"


def refusal(read_bytes, data: bytes | str, **more: object) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, **more)
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        f"\ufeff{HEADER}\n{GOOD}\n".encode(),
        f"{HEADER}\n{GOOD}\n".replace(",", ";").encode(),
        f"{HEADER}\n{GOOD}\n".replace(",", "\t").encode(),
        f"{HEADER}\n{GOOD}\n".replace(",", "|").encode(),
        f"{HEADER}\n{GOOD}".encode("utf-16"),
        f"sep=;\n{HEADER}\n{GOOD}\n".replace(",", ";").encode(),
        f"{HEADER}\r\n{GOOD}\r\n\r\n".encode(),
        f"{HEADER}\r{GOOD}\r".encode(),
        f'"{HEADER.replace(",", chr(34) + "," + chr(34))}"\r\n\n,,,\n{GOOD}\r'.encode(),
        f"{HEADER},,\n{GOOD},,\n".encode(),
        f"{HEADER.upper()}\n{GOOD}\n".encode(),
        b'{"handle":"mug","sku":"MUG-1","title":"Mug","price":12.50}\n',
    ],
    ids=[
        "BOM",
        "semicolon",
        "tab",
        "bar",
        "utf-16",
        "sep=",
        "CRLF",
        "CR",
        "mixed-line-ends",
        "blank-columns",
        "upper-case",
        "jsonl",
    ],
)
@pytest.mark.feature("IE01")
def test_every_usual_way_to_write_the_same_row_reads_the_same(read_bytes, data: bytes) -> None:
    found = read_bytes(data)
    assert not found.errors
    assert [(row.handle, row.sku, row.title, str(row.price)) for row in found.rows] == [
        ("mug", "MUG-1", "Mug", "12.50")
    ]


def test_windows_1252_is_recognised_by_its_bytes(read_bytes) -> None:
    found = read_bytes(f"{HEADER}\ncafe,C-1,Café – “gross” 5 €,3\n".encode("cp1252"))
    assert found.rows[0].title == "Café – “gross” 5 €"


def test_a_utf8_file_with_one_broken_byte_is_not_guessed_at(read_bytes) -> None:
    data = f"{HEADER}\na,A,Café,1\n".encode() + b"b,B,Caf\xe9,1\n"
    assert "Line 3" in refusal(read_bytes, data)


def test_an_excel_workbook_reads_like_a_csv_file(read_bytes) -> None:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append([*HEADER.split(","), "stock", "published"])
    book.active.append(["mug", "MUG-1", "Mug", 12.5, 7, True])
    book.save(buffer)
    row = read_bytes(buffer.getvalue(), name="products.xlsx").rows[0]
    assert (row.sku, str(row.price), row.stock, row.published, row.line) == ("MUG-1", "12.50", 7, True, 2)


def test_a_workbook_that_unpacks_to_too_much_is_refused_by_what_it_holds(read_bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    limits = Limits(unpacked_bytes=20_000_000)
    assert "unpacks to more than" in refusal(read_bytes, buffer.getvalue(), limits=limits)
    assert "unpacks to more than" in refusal(read_bytes, buffer.getvalue())
    lying = buffer.getvalue().replace(struct.pack("<I", 30_000_000), struct.pack("<I", 30_000))
    assert "unpacks to more than" in refusal(read_bytes, lying, limits=limits)


def test_other_archives_and_broken_old_workbooks_are_named(read_bytes) -> None:
    assert "not an Excel workbook" in refusal(read_bytes, b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert "not an Excel workbook" in refusal(read_bytes, b"PK\x03\x04" + b"\0" * 600)
    assert "not a text file" in refusal(read_bytes, bytes(range(256)) * 20)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"\n\n \n", "The file is empty"),
        (b"sku,title,price\nA,B,1\n", "The column handle is missing"),
        (b"handle,price\nA,1\n", "The columns sku, title are missing"),
        (b"handle,sku,title,price,prise\n", "Did you mean “price”?"),
        (b"handle,sku,title,price,SKU\n", "appears twice, as column 2 and 5"),
        (b"handle,sku,title,price,attribute:a b\n", "not an attribute column"),
        (b"handle,sku,title,price,attribute:save\n", "not an attribute column"),
        (b"handle,sku,title,price,attribute:class\n", "not an attribute column"),
        (b"colour,size\nred,L\n", "not those of a product file"),
        (b'handle,"sku,title,price\nA,B,C,1', "quotation mark that is never closed"),
        ((",".join(f"c{n}" for n in range(10_000)) + "\n").encode(), "10,000 columns"),
        (b"handle\0,sku,title,price\n", "NUL byte"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(read_bytes, data: bytes, sentence: str) -> None:
    assert sentence in refusal(read_bytes, data)


def test_a_header_alone_is_a_file_with_no_rows(read_bytes) -> None:
    assert read_bytes(f"{HEADER}\n")[1:] == ([], [])


def test_a_missing_file_and_a_folder_are_named(read_file, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(UnreadableFile):
            read_file(path)


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("mug,MUG-2,Mug,-5", "price", "is negative"),
        ("mug,MUG-2,Mug,12.345", "price", "EUR goes in steps of 0.01"),
        ("mug,MUG-2,Mug,twelve", "price", "cannot be read as a number"),
        ("mug,MUG-2,Mug,12.50 €", "price", "without currency sign"),
        ("mug,MUG-2,Mug,1E+05", "price", "spreadsheet shortened"),
        ("mug,MUG-2,Mug,99999999999", "price", "more than any price"),
        ("mug,MUG-2,Mug,-", "price", "cannot be cleared"),
        ("mug,,Mug,5", "sku", "needs a sku"),
        (",MUG-2,Mug,5", "handle", "needs a handle"),
        ("Blue mug!,MUG-2,Mug,5", "handle", "Write blue-mug instead"),
        (f"mug,{'x' * 129},Mug,5", "sku", "128 are the most"),
        (f"mug,MUG-2,{'x' * 256},5", "title", "255 are the most"),
        ("mug,MUG-1,Mug,5", "sku", "already on line 2"),
        ("mug,MUG-2,Mug", "", "3 cells where the header has 4"),
        ("mug,MUG-2,Mug,5,6", "", "5 cells where the header has 4"),
        ('mug,"MUG-2,Mug,5', "", "never closed"),
        ('mug,"MUG"2",Mug,5', "", "in the middle of a cell"),
        ("mug,MUG\0-2,Mug,5", "", "NUL byte"),
    ],
)
@pytest.mark.feature("IE01")
def test_a_bad_row_is_named_by_line_and_column_and_its_neighbours_are_read(
    read_bytes, row: str, column: str, sentence: str
) -> None:
    found = read_bytes(f"{HEADER}\n{GOOD}\n{row}\nlast,LAST,Last,1\n")
    assert [good.sku for good in found.rows] == ["MUG-1", "LAST"]
    assert [(error.line, error.column) for error in found.errors] == [(3, column)]
    assert sentence in found.errors[0].reason


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("gtin", "4006381333932", "check digit of this GTIN is 2, but it should be 1"),
        ("gtin", "12345", "8, 12, 13 or 14 digits"),
        ("gtin", "4.00638E+12", "shortened"),
        ("categories", "A > > B", "empty part"),
        ("categories", "A > B > A", "cannot lie inside itself"),
        ("stock", "1.5", "whole number"),
        ("stock", "-3", "negative"),
        ("currency", "euro", "three letters"),
        ("published", "maybe", "true or false"),
        ("weight_kg", "9999999", "Is the unit right?"),
        ("option1_value", "Red", "option1_value is given but option1_name is empty"),
    ],
)
def test_each_column_says_what_it_expects(read_bytes, column: str, cell: str, sentence: str) -> None:
    found = read_bytes(f"{HEADER},{column}\n{GOOD},{cell}\n".replace("option1_value\n", "option1_value,option1_name\n"))
    if column == "option1_value":
        found = read_bytes(f"{HEADER},option1_name,option1_value\n{GOOD},,{cell}\n")
    assert sentence in found.errors[0].reason


@pytest.mark.parametrize(
    ("quote", "filler"), [("", "x"), ('"', "x"), ('"', "x" * 99 + "\n"), ('"', '""'), ('"', 'x""\n,')]
)
def test_a_cell_of_10_megabytes_is_refused_and_the_next_row_read(read_bytes, quote: str, filler: str) -> None:
    cell = filler * (10_000_000 // len(filler))
    found = read_bytes(f"{HEADER}\nmug,MUG-2,{quote}{cell}{quote},5\n{GOOD}\n")
    assert [row.sku for row in found.rows] == ["MUG-1"]
    assert [(error.line, error.column) for error in found.errors] == [(2, "title")]
    assert "longer than 1,000,000 characters" in found.errors[0].reason
    assert len(found.errors[0].value) == 200


def test_many_unclosed_quotes_cost_their_own_rows_only(read_bytes) -> None:
    lines = [f'm{n},"S{n},M,5' if n % 3 == 0 else f"m{n},S{n},M,5" for n in range(900)]
    found = read_bytes("\n".join([HEADER, *lines]))
    assert {int(row.sku[1:]) for row in found.rows} == {n for n in range(900) if n % 3}
    assert len(found.errors) == 300


def test_a_formula_is_text_and_the_guard_before_it_is_dropped(read_bytes) -> None:
    found = read_bytes(f"{HEADER}\nmug,MUG-1,=HYPERLINK(1),5\nmug2,MUG-2,'=1+1,5\n")
    assert [row.title for row in found.rows] == ["=HYPERLINK(1)", "=1+1"]


def test_scripts_in_a_description_are_dropped(read_bytes) -> None:
    found = read_bytes(f"{HEADER},description\n{GOOD},<p onclick=x()>Hi<script>alert(1)</script></p>\n")
    assert found.rows[0].description == "<p>Hi</p>"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("[1]", "one JSON object per line"),
        ("{broken", "is not JSON"),
        ('{"sku":"A","sku":"B"}', "appears twice"),
        ('{"handle":"a","sku":"A","title":{"en":"x"}}', "is an object"),
        ('{"handle":"a","sku":"A","price":NaN}', "not a number"),
        ('{"handle":"a","sku":"A","title":"\\ud800"}', "not text"),
        ('{"handle":"a","sku":"A","colour":"red"}', "is not known"),
        ("[" * 100_000, "is not JSON"),
        ('{"handle":"a","sku":"A","price":' + "9" * 5000 + "}", "is not JSON"),
    ],
)
def test_a_bad_line_of_json_lines_is_named(read_bytes, line: str, sentence: str) -> None:
    good = json.dumps({"handle": "mug", "sku": "MUG-1", "title": "Mug", "price": 5, "categories": ["A > B", "C"]})
    found = read_bytes(f"{good}\n{line}\n", name="products.jsonl")
    assert found.rows[0].categories == (("A", "B"), ("C",))
    assert found.errors[0].line == 2
    assert sentence in found.errors[0].reason


def test_more_rows_than_allowed_are_refused(read_bytes) -> None:
    text = "\n".join([HEADER, *(f"m,S{n},M,5" for n in range(11))])
    assert "more than 10 rows" in refusal(read_bytes, text, limits=Limits(rows=10))
    assert "Split it" in refusal(read_bytes, text, limits=Limits(file_bytes=10))
