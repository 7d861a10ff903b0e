"""The good rows are imported; the bad ones are a file of the same kind that comes in once it is corrected."""

import csv
import io
import json
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook
from oscar.apps.catalogue.models import Product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE04")]


@pytest.fixture
def run(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"

    def run(path: Path, *options: str, command: str = "import_products") -> dict:
        out = io.StringIO()
        try:
            call_command(command, str(path), "--json", *options, stdout=out, stderr=io.StringIO())
        except SystemExit:
            pass
        return json.loads(out.getvalue())

    return run


def write_rows(path: Path, *, rows: int, bad: int) -> None:
    """Every `rows // bad`-th row has a price that is none."""
    every = rows // bad
    with path.open("w", encoding="utf-8") as file:
        file.write("handle,sku,title,price\n")
        for number in range(rows):
            is_bad = number % every == 0 and number // every < bad
            file.write(f"p{number},P{number},Product {number},{'?' if is_bad else '9.90'}\n")


def check_partial(run, tmp_path: Path, *, rows: int, bad: int) -> None:
    path, refused, fixed = tmp_path / "all.csv", tmp_path / "refused.csv", tmp_path / "fixed.csv"
    write_rows(path, rows=rows, bad=bad)
    answer = run(path, "--errors-file", str(refused))
    assert (answer["created"], answer["failed"]) == (rows - bad, bad)
    with refused.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == bad
    assert all(row["import_error"].startswith("price: ") and row["price"] == "?" for row in found)
    fixed.write_text(refused.read_text(encoding="utf-8-sig").replace(",?", ",9.90"), encoding="utf-8")
    again = run(fixed)
    assert (again["rows"], again["created"], again["failed"]) == (bad, bad, 0)
    assert Product.objects.count() == rows


def test_2000_rows_with_137_bad_ones(run, tmp_path: Path) -> None:
    check_partial(run, tmp_path, rows=2_000, bad=137)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_100000_rows_with_137_bad_ones(run, tmp_path: Path) -> None:
    started = time.monotonic()
    check_partial(run, tmp_path, rows=100_000, bad=137)
    print(f"100,000 rows, 137 refused and imported after correction: {time.monotonic() - started:.0f} s")


def test_rows_that_break_the_file_keep_their_text(run, tmp_path: Path) -> None:
    path, refused = tmp_path / "all.csv", tmp_path / "refused.csv"
    path.write_bytes('handle;sku;title;price\na;A;Tür;1\nb;B;"open;2\nc;C;x;y;3\n'.encode("cp1252"))
    assert run(path, "--errors-file", str(refused))["failed"] == 2
    with refused.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["import_error", "handle", "sku", "title", "price"]
    assert rows[1][1:] == ['b;B;"open;2']
    assert rows[2][1:] == ["c", "C", "x", "y", "3"]
    assert all(row[0].endswith(".") for row in rows[1:])


def test_a_workbook_comes_back_as_a_workbook_and_json_as_json(run, tmp_path: Path) -> None:
    book, path, refused = Workbook(), tmp_path / "all.xlsx", tmp_path / "refused.xlsx"
    for row in (["handle", "sku", "title", "price"], ["a", "A", "A", 1], ["b", "B", "B", "x"]):
        book.active.append(row)
    book.save(path)
    assert run(path, "--errors-file", str(refused))["failed"] == 1
    rows = list(load_workbook(refused).active.values)
    assert [row[1:] for row in rows] == [("handle", "sku", "title", "price"), ("b", "B", "B", "x")]
    lines, back = tmp_path / "all.jsonl", tmp_path / "back.jsonl"
    lines.write_text(
        '{"handle":"c","sku":"C","title":"C","price":"x"}\n{"handle":"d","sku":"D","title":"D","price":2}\n'
    )
    assert run(lines, "--errors-file", str(back))["failed"] == 1
    back.write_text(back.read_text().replace('"x"', "3"))
    assert run(back)["created"] == 1


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_what_a_spreadsheet_would_run_comes_back_as_text_and_is_read_as_it_was(run, tmp_path: Path, name: str) -> None:
    path, refused = tmp_path / name, tmp_path / f"refused-{name}"
    titles = ["=1+1", "'=1+1", "@cmd|x", "-50 %"]
    rows = [[f"p{number}", title, f"P{number}", "x"] for number, title in enumerate(titles)]
    rows.insert(0, ["Handle", "Title", "Variant SKU", "Variant Price"])
    if name.endswith("xlsx"):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        for cell in book.active["B"]:
            cell.data_type = "s"
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    for _ in range(2):
        answer = run(path, "--errors-file", str(refused))
        assert answer["failed"] == 4, answer
        path = refused.rename(tmp_path / f"again-{name}")
    if name.endswith("xlsx"):
        sheet = load_workbook(path).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
        for cell in sheet["E"][1:]:
            cell.value = 5
        sheet.parent.save(path)
    else:
        text = path.read_text(encoding="utf-8-sig")
        assert "'=1+1" in text
        assert ",=1+1" not in text
        path.write_text(text.replace(",x", ",5"), encoding="utf-8")
    answer = run(path)
    assert (answer["created"], answer["errors"]) == (4, [])
    assert list(Product.objects.order_by("slug").values_list("title", flat=True)) == titles


def test_a_refused_variant_of_another_shop_comes_with_its_product(run, tmp_path: Path) -> None:
    path, refused = tmp_path / "all.csv", tmp_path / "refused.csv"
    path.write_text(
        "ID,Type,SKU,Name,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n"
        '1,variable,TEE,Tee,,,Size,"S, M"\n2,variation,TEE-S,Tee,5,id:1,Size,S\n3,variation,TEE-M,Tee,x,TEE,Size,M\n'
        "4,simple,MUG,Mug,5,,,\n"
    )
    assert run(path, "--errors-file", str(refused))["created"] == 2
    with refused.open(encoding="utf-8-sig", newline="") as file:
        assert [(row["SKU"], bool(row["import_error"])) for row in csv.DictReader(file)] == [
            ("TEE", False),
            ("TEE-S", False),
            ("TEE-M", True),
        ]
    refused.write_text(refused.read_text(encoding="utf-8-sig").replace(",x,", ",6,"), encoding="utf-8")
    again = run(refused)
    assert (again["created"], again["unchanged"], again["failed"]) == (1, 1, 0)


def test_files_of_prices_have_it_too(run, tmp_path: Path) -> None:
    path, refused = tmp_path / "all.csv", tmp_path / "refused.csv"
    path.write_text("sku,price\nA,5\n")
    assert run(path, "--errors-file", str(refused), command="import_prices")["failed"] == 1
    assert refused.read_text(encoding="utf-8-sig").startswith("import_error,sku,price")
