"""The commands' words, JSON shape and exit codes."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.importing.records import ImportRun
from catalog.management.commands import import_products

pytestmark = pytest.mark.django_db

GOOD = "handle,sku,title,price\nmug,MUG,Mug,5\n"
KEYS = ["import_id", "format", "rows", "products", "created", "updated", "unchanged", "failed", "errors", "seconds"]


@pytest.fixture
def run(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"

    def run(command: str, text: str, *options: str) -> tuple[int, str]:
        path, out = tmp_path / "file.csv", io.StringIO()
        path.write_text(text, encoding="utf-8")
        try:
            call_command(command, str(path), *options, stdout=out, stderr=io.StringIO())
        except SystemExit as exit_:
            return int(exit_.code or 0), out.getvalue()
        return 0, out.getvalue()

    return run


def test_json_has_the_promised_shape(run) -> None:
    code, text = run("import_products", GOOD, "--json")
    answer = json.loads(text)
    assert code == 0
    assert list(answer) == KEYS
    assert (answer["format"], answer["rows"], answer["products"], answer["created"]) == ("native", 1, 1, 1)
    assert ImportRun.objects.get().pk == answer["import_id"]


def test_a_refused_row_is_in_the_json_and_makes_the_exit_code_1(run) -> None:
    code, text = run("import_products", GOOD + "hat,HAT,Hat,-1\n", "--json")
    assert code == 1
    assert json.loads(text)["errors"] == [
        {
            "line": 3,
            "column": "price",
            "value": "-1",
            "reason": "-1 is negative. Expected 0 or more; correct the value or leave the cell empty.",
        }
    ]


def test_a_file_that_cannot_be_read_is_a_failure_with_a_sentence(run) -> None:
    code, text = run("import_products", "colour,size\nred,L\n", "--json")
    assert code == 1
    assert "not those of a product file" in json.loads(text)["errors"][0]["reason"]
    code, text = run("import_products", "", "--dry-run")
    assert code == 1
    assert "The file is empty" in text


def test_people_read_a_summary_and_how_to_take_it_back(run) -> None:
    _, text = run("import_products", GOOD)
    assert "1 rows of 1 products (native): 1 created, 0 updated, 0 unchanged, 0 failed" in text
    assert "undo_import" in text
    assert "\x1b[" not in text


def test_a_dry_run_prints_old_and_new_values(run) -> None:
    run("import_products", GOOD)
    code, text = run("import_products", GOOD.replace(",5", ",6"), "--dry-run")
    assert code == 0
    assert "price 5.00 → 6.00" in text
    assert "Dry run, nothing was written" in text


def test_abort_says_that_nothing_was_imported(run) -> None:
    code, text = run("import_products", GOOD + "hat,HAT,Hat,-1\n", "--on-error", "abort")
    assert code == 1
    assert "Nothing was imported" in text
    assert not ImportRun.objects.exists()


def test_prices_and_stock_have_the_same_shape(run) -> None:
    run("import_products", GOOD)
    for command, text in (
        ("import_prices", "sku,price\nMUG,6\nNONE,1\n"),
        ("import_stock", "sku,quantity\nMUG,6\nNONE,1\n"),
    ):
        code, answer = run(command, text, "--json")
        found = json.loads(answer)
        assert (code, list(found)) == (1, KEYS)
        assert (found["rows"], found["updated"], found["failed"]) == (2, 1, 1)
        assert "no such SKU" in found["errors"][0]["reason"]
        assert json.loads(run(command, text, "--json")[1])["unchanged"] == 1


@pytest.mark.parametrize(
    ("command", "text", "sentence"),
    [
        ("import_prices", "sku,cost\nMUG,6\n", "“cost” is not known"),
        ("import_prices", "sku\nMUG\n", "price is missing"),
        ("import_prices", "sku,price,min_quantity\nMUG,6,10\n", "one price for each SKU, and no prices by quantity"),
        (
            "import_prices",
            "sku,price,starts\nMUG,6,2026-12-01\n",
            "one price for each SKU, and no prices with a first day",
        ),
        ("import_prices", "sku,price,price_list\nMUG,6,trade\n", "one price for each SKU, and no prices of a list"),
        ("import_stock", "sku,quantity\nMUG,-6\n", "negative"),
        ("import_stock", "sku,quantity,location\nMUG,6,moon\n", "no location moon"),
        ("import_stock", "sku,qty\nMUG,6\n", "“qty” is not known"),
    ],
)
def test_bad_price_and_stock_files_get_a_sentence(run, command: str, text: str, sentence: str) -> None:
    run("import_products", GOOD.replace("price\n", "price,stock\n").replace(",5\n", ",5,1\n"))
    code, answer = run(command, text, "--json")
    assert code == 1
    assert sentence in json.loads(answer)["errors"][0]["reason"]


def test_bad_usage_is_told_apart_from_a_bad_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("import_products", str(tmp_path / "nowhere.csv"))
    assert caught.value.returncode == 2
    with pytest.raises(SystemExit) as stopped:
        import_products.Command().run_from_argv(["manage.py", "import_products", "file.csv", "--format", "sap"])
    assert stopped.value.code == 2
