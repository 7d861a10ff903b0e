"""New products go through two connections in turns: with one the shop would hold the same; nobody waits longer for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.importing import import_work, tandem
from catalog.importing.batches import split_into_batches
from catalog.importing.records import ImportRun
from catalog.importing.tandem import Tandem
from tests.catalog.importing.reading_ahead import read_before_written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IE06")]

SIZE, BATCHES = 5, 10
HEADER = "handle,sku,title,price,stock,categories,brand,gtin,option1_name,option1_value\n"


def rows(*numbers: int) -> str:
    """Two variants each; every ninth price is refused."""
    lines = (
        f"p{n},P{n}-{size},Mug {n},{-1 if n % 9 == 8 and size == 'L' else 5},{n % 3},Kitchen,Acme,,Size,{size}"
        for n in numbers
        for size in "SL"
    )
    return HEADER + "\n".join(lines)


ALL = rows(*range(SIZE * BATCHES))


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_work, "split_into_batches", partial(split_into_batches, products=SIZE))


@pytest.fixture
def aside(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each batch that was sent: whether it was committed aside."""
    said: list[bool] = []
    hand_over = Tandem.hand_over

    def note(self: Tandem, following: Any) -> None:
        hand_over(self, following)
        said.append(self.is_committing)

    monkeypatch.setattr(Tandem, "hand_over", note)
    return said


@pytest.fixture(autouse=True)
def _read_before_written(monkeypatch: pytest.MonkeyPatch) -> None:
    read_before_written(monkeypatch)


def read_shop() -> dict[str, list[Any]]:
    """All rows of all tables without times; of ids only their order."""
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not re.match("catalog|partner|inventory", table) or table == "catalog_listtally":
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [
                (column.name, list(values))
                for column, values in zip(cursor.description, zip(*cursor.fetchall(), strict=True), strict=False)
            ]
            told = [_rank(name, values) for name, values in columns if not _is_of_its_time(table, name, values)]
            found[table] = sorted(zip(*told, strict=True), key=repr)
        cursor.execute("SELECT category_id, facet_id, sum(products) FROM catalog_listtally GROUP BY 1, 2")
        found["tally"] = sorted(
            zip(*(_rank("_id", values) for values in zip(*cursor.fetchall(), strict=True)), strict=True)
        )
    return found


def _is_of_its_time(table: str, name: str, values: list[Any]) -> bool:
    timed = any(hasattr(value, "tzinfo") for value in values)
    return timed or name in ("card", "state", "idempotency_key", "reference", "reason") or table == "catalog_importrun"


def _rank(name: str, values: Any) -> list[Any]:
    if name != "id" and not name.endswith(("_id", "_ids")):
        return [repr(value) for value in values]
    flat = {one for value in values for one in (value if isinstance(value, list) else [value])}
    places = {one: place for place, one in enumerate(sorted(flat - {None}))}
    return [tuple(map(places.get, value)) if isinstance(value, list) else places.get(value) for value in values]


def count_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


def test_the_shop_is_the_same_as_with_one_connection(
    run_import, aside: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_import(rows(1000))
    by_two = run_import(ALL)
    assert sum(aside) >= BATCHES - 4
    two, counts = read_shop(), ImportRun.objects.latest("pk").counts
    with connection.cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in two if name != "tally")
        cursor.execute("SET session_replication_role = replica")  # Ledgers refuse it otherwise.
        cursor.execute(f"TRUNCATE {names}, catalog_listtally, catalog_importrun CASCADE")
        cursor.execute("RESET session_replication_role")
    monkeypatch.setattr(Tandem, "_join", lambda self: None)
    run_import(rows(1000))
    by_one = run_import(ALL)
    assert sum(aside) < len(aside)
    for table, held in read_shop().items():
        assert held == two[table], table
    assert ImportRun.objects.latest("pk").counts == counts
    assert (by_two.created, by_two.failed) == (by_one.created, by_one.failed) == (95, 5)
    assert count_locks() == 0


def test_a_product_that_goes_on_in_the_next_batch_is_made_once(
    run_import, aside: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "split_into_batches", partial(split_into_batches, products=SIZE, rows=10))
    sizes = [f"p20,Q{n},Mug 20,5,1,Kitchen,Acme,,Size,{n}" for n in range(25)]
    others = rows(*range(30, 44)).removeprefix(HEADER)
    with deferred("IF NEW.slug = 'p20' THEN PERFORM pg_sleep(0.3); END IF;"):
        report = run_import("\n".join([rows(*range(18)), *sizes, others]))
    assert any(aside)
    assert Product.objects.filter(slug="p20").count() == 1
    assert Product.objects.filter(parent__slug="p20").count() == 25
    assert report.created == 2 * 32 - report.failed + 25


def test_a_batch_whose_commit_is_refused_is_written_anew_and_the_next_one_too(run_import, aside: list[bool]) -> None:
    with deferred("IF NEW.slug = 'p27' THEN RAISE EXCEPTION 'not this one'; END IF;"):
        report = run_import(ALL)
    assert any(aside)
    assert (report.created, report.failed) == (95 - 2, 5 + 2)
    assert [error.reason for error in report.errors if "not this one" in error.reason]
    assert Product.objects.filter(parent=None).count() == SIZE * BATCHES - 1
    assert StockRecord.objects.count() == 93
    counts = ImportRun.objects.get().counts
    assert (counts["created"], counts["failed"], counts["rows"]) == (93, 7, 100)
    assert count_locks() == 0


def test_without_a_second_connection_one_does_it_all(run_import, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, calls = tandem._begin, iter(range(100))

    def refuse() -> Any:
        if next(calls):
            raise OperationalError("sorry, too many clients already")
        return begin()

    monkeypatch.setattr(tandem, "_begin", refuse)
    assert run_import(ALL).created == 95
    assert count_locks() == 0


def test_nothing_is_left_open_when_the_caller_gives_up(run_import, aside: list[bool]) -> None:
    def watch(change: Any) -> None:
        if change.sku == "P27-S":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(ALL, watch=watch)
    assert any(aside)
    assert (count_locks(), connection.in_atomic_block) == (0, False)
    run = ImportRun.objects.get()
    assert Product.objects.filter(parent=None).count() == run.cursor // 2
    assert run_import(ALL).created == 95


@contextmanager
def deferred(body: str) -> Iterator[None]:
    """What the database does for each product at the commit of its batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION test_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;"
            "CREATE CONSTRAINT TRIGGER test_at_commit AFTER INSERT ON catalogue_product DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION test_at_commit()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION test_at_commit() CASCADE")
