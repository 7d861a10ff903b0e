"""A migration that cannot have its table's lock lets everybody pass and tries again; the wait of all is bounded."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, transaction

from shop import migrating
from shop.migrating import TableIsBusy, migrate_in_turns


@pytest.fixture(autouse=True)
def busy_table(django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All that these tests write; it is gone afterwards, so that no copy of the database has to be made."""
    monkeypatch.setattr(migrating, "PATIENCE_MS", 150)
    with django_db_blocker.unblock():
        ask("CREATE TABLE busy (id int)")
        yield
        ask("DROP TABLE busy")


def ask(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def other() -> "psycopg.Connection[Any]":
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])


@contextmanager
def used_for(seconds: float, sql: str) -> Iterator[None]:
    """Somebody's transaction that uses the table for so long."""
    with other() as user:
        user.execute(sql)
        end = threading.Timer(seconds, user.commit)
        end.start()
        yield
        end.join()


def add_column() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE busy ADD COLUMN first int")
        cursor.execute("ALTER TABLE busy ADD COLUMN second int")


def columns() -> int:
    return int(ask("SELECT count(*) FROM information_schema.columns WHERE table_name = 'busy'"))


def test_it_tries_again_and_readers_wait_no_longer_than_its_patience() -> None:
    waits: list[float] = []
    over = threading.Event()

    def read() -> None:
        with other() as reader:
            while not over.is_set():
                began = time.monotonic()
                reader.execute("SELECT count(*) FROM busy")
                reader.commit()
                waits.append(time.monotonic() - began)
                time.sleep(0.01)

    thread = threading.Thread(target=read)
    with used_for(1.0, "SELECT * FROM busy"):
        thread.start()
        migrate_in_turns(add_column, connection, tries=40, pause=0.05)
    over.set()
    thread.join()
    assert columns() == 3
    assert max(waits) < 0.9, "a reader stood behind the migration for as long as that waited for the other transaction"
    assert max(waits) > 0.05, "nobody met the migration: this test proves nothing"


def test_it_gives_up_in_words_and_nothing_of_it_is_done() -> None:
    before = ask("SHOW lock_timeout")
    with used_for(1.0, "SELECT * FROM busy"), pytest.raises(TableIsBusy, match=r"in 2 tries.*run migrate again"):
        migrate_in_turns(add_column, connection, tries=2, pause=0.01)
    assert columns() == 1
    assert ask("SHOW lock_timeout") == before


def test_a_statement_outside_a_transaction_is_tried_again_alone() -> None:
    done: list[str] = []

    def add_one_by_one() -> None:
        done.append("begun")
        ask("ALTER TABLE busy ADD COLUMN first int")

    with used_for(0.5, "SELECT * FROM busy"):
        migrate_in_turns(add_one_by_one, connection, tries=40, pause=0.05)
    assert (done, columns()) == (["begun"], 2)


def test_an_index_that_holds_up_nobody_waits_as_long_as_it_likes() -> None:
    with used_for(0.5, "INSERT INTO busy VALUES (1)"):
        migrate_in_turns(lambda: ask("CREATE INDEX CONCURRENTLY busy_id ON busy (id)"), connection, tries=1)
    assert ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'busy_id'::regclass")


def test_the_command_migrates_so(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def handle(self: Migrate, *args: Any, **options: Any) -> None:
        tried.append(ask("SHOW lock_timeout"))
        if len(tried) == 1:
            add_column()

    monkeypatch.setattr(Migrate, "handle", handle)
    monkeypatch.setattr(migrating.time, "sleep", lambda seconds: None)
    with used_for(0.3, "SELECT * FROM busy"):
        call_command("migrate", verbosity=0)
    assert tried == ["150ms", "150ms"]


def test_the_command_says_what_to_do_when_the_table_stays_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **options: Any) -> None:
        raise TableIsBusy(60)

    monkeypatch.setattr(Migrate, "handle", refuse)
    with pytest.raises(CommandError, match="Look for a long transaction"):
        call_command("migrate", verbosity=0)
