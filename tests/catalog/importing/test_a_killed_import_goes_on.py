"""SIGKILL at any point of an import or of an undo; the same command again loses nothing and doubles nothing."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.importing import import_work, undo
from catalog.importing.apply import import_file
from catalog.importing.batches import split_into_batches
from catalog.importing.import_options import ImportOptions
from catalog.importing.records import ImportChange, ImportRun
from catalog.importing.runs import RUN_LOCKS, ImportIsRunning, digest_file
from catalog.importing.undo import CannotUndo, undo_import
from catalog.pricing.records import PriceChange
from catalog.search.records import SearchDocument
from inventory.models import StockMovement
from tests.catalog.importing.reading_ahead import read_before_written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IE06")]

PRODUCTS, BAD = 240, 140
BATCHES = 3
IMPORT_POINTS = (
    "catalog.importing.import_work.write_changes",
    "catalog.importing.write_plan.write_stock_records",
    "catalog.importing.write_stock_records.write_stock",
    "catalog.importing.write_plan.refresh_documents",
    "catalog.importing.import_work.remember_plan",
    "catalog.importing.import_work.ImportWork._count",
    "catalog.importing.apply.finish_run",
)
DRAFT_POINTS = ("catalog.importing.draft.Draft.send", "catalog.importing.foresight.add_documents")
"""Of the last batch: the rows of the first two are not written out ahead."""
TANDEM_POINTS = (
    ("catalog.importing.tandem.join_writing", 2),
    ("catalog.importing.tandem._commit", 2),
    ("catalog.importing.draft.Draft.send", 2),
    ("catalog.importing.draft.Draft.send", 3),
    ("catalog.importing.tandem_work.TandemWork._advance", 3),
)
"""Before the second connection joins; before a commit is sent; while either of the two commits; once that is known."""
UNDO_POINTS = (
    "catalog.importing.undo.write_changes",
    "catalog.importing.write_plan.remove_skus",
    "catalog.importing.write_plan.refresh_documents",
    "catalog.importing.undo.finish_run",
)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the processes that are killed, which are forks of this one."""
    monkeypatch.setattr(import_work, "split_into_batches", partial(split_into_batches, products=100))
    monkeypatch.setattr(undo, "BATCH", 100)


def write_file(folder: Path) -> Path:
    path = folder / "products.csv"
    lines = (f"p{n},P{n},Product {n},5,{n % 9 + 1}" if n != BAD else f"p{n},P{n},Bad,-5,1" for n in range(PRODUCTS))
    path.write_text("\n".join(["handle,sku,title,price,stock", *lines]), encoding="utf-8")
    return path


def kill_at(point: str, *, call: int, work: Callable[[], Any]) -> None:
    """Do the work in a process of its own, which dies the moment the function is called for the n-th time."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            owner, name = _find(point)
            whole, calls = getattr(owner, name), iter(range(1, 10_000))

            def die(*args: Any, **more: Any) -> Any:
                if next(calls) == call:
                    os.kill(os.getpid(), signal.SIGKILL)
                return whole(*args, **more)

            setattr(owner, name, die)
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{point} was not called {call} times"


def _find(point: str) -> tuple[Any, str]:
    path, name = point.rsplit(".", 1)
    if path.rsplit(".", 1)[1][0].isupper():
        module, kind = path.rsplit(".", 1)
        return getattr(import_module(module), kind), name
    return import_module(path), name


def ask_doctor() -> None:
    call_command("doctor", stdout=StringIO())


@pytest.mark.parametrize("point", IMPORT_POINTS + DRAFT_POINTS)
def test_a_killed_import_is_taken_up_where_it_stopped(run_import, tmp_path: Path, point: str) -> None:
    path = write_file(tmp_path)
    kill_at(
        point,
        call=1 if point.endswith("finish_run") or point in DRAFT_POINTS else 2,
        work=lambda: import_file(ImportOptions(path=path), watch=lambda change: None),
    )
    killed = ImportRun.objects.get()
    assert killed.state == ImportRun.State.RUNNING
    assert 0 < killed.cursor <= PRODUCTS
    assert Product.objects.count() == killed.cursor - (killed.cursor > BAD)
    ask_doctor()
    report = run_import(path)
    assert (report.rows, report.products, report.created, report.failed) == (PRODUCTS, PRODUCTS - 1, PRODUCTS - 1, 1)
    assert [error.line for error in report.errors] == [BAD + 2]
    assert ImportRun.objects.get().state == ImportRun.State.DONE
    assert Product.objects.count() == StockRecord.objects.count() == SearchDocument.objects.count() == PRODUCTS - 1
    assert PriceChange.objects.count() == StockMovement.objects.count() == PRODUCTS - 1
    assert ImportChange.objects.count() == 2 * (PRODUCTS - 1)
    ask_doctor()


@pytest.mark.parametrize(("point", "call"), TANDEM_POINTS)
def test_a_kill_while_two_connections_write_is_taken_up(
    run_import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, call: int
) -> None:
    """Whichever of the two commits: its commit may go on in the server when the process is gone."""
    monkeypatch.setattr(import_work, "split_into_batches", partial(split_into_batches, products=20))
    read_before_written(monkeypatch)
    path = write_file(tmp_path)
    with slow_commits():
        kill_at(point, call=call, work=lambda: import_file(ImportOptions(path=path), watch=lambda change: None))
        report = run_when_free(lambda: run_import(path))
    assert (report.rows, report.created, report.failed) == (PRODUCTS, PRODUCTS - 1, 1)
    assert ImportRun.objects.get().counts["unchanged"] == 0
    assert Product.objects.count() == StockRecord.objects.count() == SearchDocument.objects.count() == PRODUCTS - 1
    assert ImportChange.objects.count() == 2 * (PRODUCTS - 1)
    ask_doctor()


@contextmanager
def slow_commits() -> Iterator[None]:
    """Of batches: each takes as long as somebody needs to run the command again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION test_at_commit() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.15); RETURN NULL; END $$;"
            "CREATE CONSTRAINT TRIGGER test_at_commit AFTER INSERT ON catalogue_product DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW WHEN (NEW.slug IN ('p45', 'p65', 'p85', 'p105')) EXECUTE FUNCTION test_at_commit()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION test_at_commit() CASCADE")


def run_when_free(work: Callable[[], Any]) -> Any:
    for _ in range(500):
        try:
            return work()
        except ImportIsRunning:
            time.sleep(0.01)
    raise AssertionError("The run was never free.")


def test_after_a_kill_and_a_resume_the_same_file_changes_nothing(run_import, tmp_path: Path) -> None:
    path = write_file(tmp_path)
    work = lambda: import_file(ImportOptions(path=path), watch=lambda change: None)  # noqa: E731
    for call in range(2, BATCHES + 1):
        kill_at("catalog.importing.write_plan.refresh_documents", call=1 if call > 2 else 2, work=work)
    report = run_import(path)
    again = run_import(path)
    assert (again.import_id != report.import_id, again.unchanged, again.failed) == (True, PRODUCTS - 1, 1)


@pytest.mark.feature("IE03")
@pytest.mark.parametrize("point", UNDO_POINTS)
def test_a_killed_undo_is_taken_up_and_can_be_undone_as_one(run_import, tmp_path: Path, point: str) -> None:
    path = write_file(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace(",stock", ",brand"), encoding="utf-8")
    report = run_import(path)
    kill_at(
        point,
        call=1 if point.endswith("finish_run") else 2,
        work=lambda: undo_import(report.import_id, actor_name="test", progress=lambda count: None),
    )
    answer = undo_import(report.import_id, actor_name="test", progress=lambda count: None)
    assert not answer.left_alone
    assert not Product.objects.exists()
    assert ImportRun.objects.filter(undo_of=report.import_id).count() == 1
    undo_import(answer.import_id, actor_name="test", progress=lambda count: None)
    assert Product.objects.count() == PRODUCTS - 1
    assert run_import(path).unchanged == PRODUCTS - 1
    ask_doctor()


def test_a_file_that_is_being_imported_or_undone_is_not_taken_up_by_a_second_process(
    run_import, tmp_path: Path
) -> None:
    path = write_file(tmp_path)
    run = ImportRun.objects.create(
        kind="products", format="native", file_name=path.name, file_digest=digest_file(path), cursor=500
    )
    done = ImportRun.objects.create(kind="products", format="native", state=ImportRun.State.DONE)
    taken_back = ImportRun.objects.create(kind="products", format="native", undo_of=done)
    elsewhere = connection.copy()
    with elsewhere.cursor() as other:
        for held in (run, taken_back):
            other.execute("SELECT pg_advisory_lock(%s, %s)", (RUN_LOCKS, held.pk))
        with pytest.raises(ImportIsRunning, match=f"import {run.pk}"):
            run_import(path)
        with pytest.raises(CannotUndo, match="at this moment"):
            undo_import(done.pk, actor_name="test", progress=lambda count: None)
    elsewhere.close()
