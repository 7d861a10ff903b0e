"""Nobody writes between the two connections of an import; whoever wants to waits for one batch, and both meet."""

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from oscar.apps.catalogue.models import Product

from catalog.importing import import_work, runs, tandem
from catalog.importing.apply import import_file
from catalog.importing.batches import split_into_batches
from catalog.importing.draft import Draft
from catalog.importing.import_options import ImportOptions
from tests.catalog.importing.reading_ahead import read_before_written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    read_before_written(monkeypatch)
    monkeypatch.setattr(import_work, "split_into_batches", partial(split_into_batches, products=5))


def bring_in(folder: Path) -> None:
    file = folder / "products.csv"
    file.write_text("\n".join(["handle,sku,title,price", *(f"p{n},P{n},Mug {n},5" for n in range(50))]))
    import_file(ImportOptions(path=file), watch=lambda change: None)


class Rival:
    """Somebody who makes a product while the n-th draft is sent, by the lock of whoever writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, at: int) -> None:
        self.heard: list[str] = []
        send, calls = Draft.send, iter(range(1, 100))
        self._thread = threading.Thread(target=self._run)

        def send_beside(draft: Draft) -> None:
            self.heard.append("sent")
            if next(calls) == at:
                self.heard.append("asked")
                self._thread.start()
                self._wait_until_it_waits_or_is_done()
            send(draft)

        monkeypatch.setattr(Draft, "send", send_beside)

    def _run(self) -> None:
        elsewhere = connection.copy()
        try:
            with elsewhere.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", (runs.WRITE_LOCK,))
                self.heard.append("had it")
                make_what_is_not_there(cursor)
                cursor.execute("COMMIT")
        finally:
            elsewhere.close()

    def _wait_until_it_waits_or_is_done(self) -> None:
        watcher = connection.copy()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        with watcher.cursor() as cursor:
            for _ in range(2000):
                cursor.execute(waiting)
                if cursor.fetchone()[0] or not self._thread.is_alive():
                    break
                self._thread.join(0.005)
        watcher.close()

    def finish(self) -> None:
        self._thread.join(20)


def make_what_is_not_there(cursor: Any) -> None:
    cursor.execute(
        "INSERT INTO catalogue_product (structure, slug, title, description, is_public, is_discountable, priority,"
        " date_created, date_updated, product_class_id)"
        " SELECT 'standalone', 'p' || n, 'Made by staff', '', true, true, 0, now(), now(),"
        " (SELECT id FROM catalogue_productclass LIMIT 1) FROM generate_series(1, 49) AS n"
        " WHERE NOT EXISTS (SELECT FROM catalogue_product WHERE slug = 'p' || n)"
    )


def count_doubled() -> int:
    slugs = list(Product.objects.filter(parent=None).values_list("slug", flat=True))
    return len(slugs) - len(set(slugs))


@pytest.mark.parametrize("at", [1, 2, 3])
def test_whoever_wants_to_write_waits_for_one_batch_and_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    rival = Rival(monkeypatch, at=at)
    bring_in(tmp_path)
    rival.finish()
    asked = rival.heard.index("asked")
    assert rival.heard[asked + 1] == "had it"
    assert count_doubled() == 0


@pytest.mark.parametrize("lock", ["share_writing", "join_writing"])
def test_without_the_lock_somebody_gets_in_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str) -> None:
    """The first draft shares the lock, the second joins it."""
    monkeypatch.setattr(tandem, lock, lambda: True)
    rival = Rival(monkeypatch, at=1 if lock == "share_writing" else 2)
    bring_in(tmp_path)
    rival.finish()
    assert count_doubled() > 0
