"""import_redirects: the counts, the dry run, loops by row, and undo of the whole file."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.importing.undo import undo_import
from shop.redirects.models import Redirect
from shop.redirects.resolve import resolve_redirect

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE01", "IE08")]
FILE = (
    "from_path,to_path\n/a,/b\n/b/,/p/mug/\nhttps://old.example/c?x=1,/p/mug/\n/d,/d\n/a/,/p/cup/\nno path,/p/x/\n/e,\n"
)


@pytest.fixture
def run(tmp_path: Path):
    def run(text: str, *options: str) -> dict:
        path, out = tmp_path / "redirects.csv", io.StringIO()
        path.write_text(text, encoding="utf-8")
        try:
            call_command("import_redirects", str(path), "--json", *options, stdout=out, stderr=io.StringIO())
        except SystemExit:
            pass
        return json.loads(out.getvalue())

    return run


def table() -> dict[str, str]:
    return dict(Redirect.objects.values_list("from_path", "to_path"))


def test_good_rows_come_in_flattened_and_bad_ones_are_named(run) -> None:
    answer = run(FILE)
    assert (answer["rows"], answer["created"], answer["failed"]) == (7, 3, 4)
    assert table() == {"/a": "/p/mug/", "/b": "/p/mug/", "/c?x=1": "/p/mug/"}
    assert [(error["line"], error["column"]) for error in answer["errors"]] == [
        (5, "to_path"),
        (6, ""),
        (7, "from_path"),
        (8, "to_path"),
    ]
    again = run(FILE)
    assert (again["created"], again["unchanged"], again["failed"]) == (0, 3, 4)


def test_a_dry_run_tells_the_same_and_writes_nothing(run, digest_database) -> None:
    before = digest_database()
    assert run(FILE, "--dry-run")["created"] == 3
    assert digest_database() == before


def test_all_or_nothing(run, digest_database) -> None:
    before = digest_database()
    assert run(FILE, "--on-error", "abort")["failed"] == 4
    assert digest_database() == before


def test_an_import_of_redirects_is_taken_back_and_that_too(run) -> None:
    run("from_path,to_path\n/a,/p/old/\n")
    changed = run("from_path,to_path\n/a,/p/mug/\n/b,/p/mug/\n/c,/p/mug/\n")
    assert (changed["created"], changed["updated"]) == (2, 1)
    Redirect.objects.filter(from_path="/c").update(to_path="/p/other/")
    report = undo_import(changed["import_id"], actor_name="test", progress=lambda count: None)
    assert (report.restored, report.removed, [left.identifier for left in report.left_alone]) == (1, 1, ["/c"])
    assert table() == {"/a": "/p/old/", "/c": "/p/other/"}
    undo_import(report.import_id, actor_name="test", progress=lambda count: None)
    assert table() == {"/a": "/p/mug/", "/b": "/p/mug/", "/c": "/p/other/"}


def test_other_shops_names_of_the_columns_are_known(run) -> None:
    assert run("Redirect from;Redirect to\n/pages/about;/info/about/\n")["created"] == 1
    assert resolve_redirect("/pages/about?ref=x") == "/info/about/?ref=x"
    refused = run("from;to\n/a;/b\n")
    assert "from_path" in refused["errors"][0]["reason"]
