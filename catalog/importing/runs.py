"""The life of an import run: begun, taken up again after a kill, finished. One process at a time works on a run."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from catalog.importing.left_categories import last_category
from catalog.importing.records import ImportRun

RUN_LOCKS = 0x1A9
WRITE_LOCK = 0x1AA
"""Keys of PostgreSQL's advisory locks: one per run (held by the living process), one for whoever writes a batch."""


_SHARE_WRITING = f"""
DO $$
BEGIN
    PERFORM pg_advisory_lock({WRITE_LOCK}, 0);
    PERFORM pg_advisory_xact_lock_shared({WRITE_LOCK}, 0);
    PERFORM pg_advisory_unlock({WRITE_LOCK}, 0);
EXCEPTION WHEN OTHERS OR QUERY_CANCELED THEN
    PERFORM pg_advisory_unlock({WRITE_LOCK}, 0);
    RAISE;
END $$
"""


class ImportIsRunning(Exception):
    """Another process is importing the same file at this moment; the message says so."""


def digest_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def hold_run(*, kind: str, format_name: str, path: Path, actor_id: int | None) -> Iterator[ImportRun]:
    """A new run of the file, or the one that was killed half-way. Raises ImportIsRunning."""
    digest = digest_file(path)
    run = (
        ImportRun.objects.filter(
            kind=kind, format=format_name, file_digest=digest, state=ImportRun.State.RUNNING, undo_of=None
        )
        .order_by("-id")
        .first()
    )
    if run is not None and not _try_lock(run.pk):
        raise ImportIsRunning(f"This file is being imported right now (import {run.pk}). Wait until that is done.")
    is_taken_up = run is not None
    if run is None:
        run = ImportRun.objects.create(
            kind=kind,
            format=format_name,
            file_name=path.name[:255],
            file_digest=digest,
            actor_id=actor_id,
            last_category=last_category(),
        )
        _try_lock(run.pk)
    try:
        if is_taken_up:
            lock_writing()  # A commit of the process that was killed may still be under way.
        run.refresh_from_db()
        yield run
    finally:
        _unlock(run.pk)


@contextmanager
def hold_undo(run: ImportRun, *, actor_id: int | None) -> Iterator[ImportRun]:
    """A new undo of the run, or the one that was killed half-way. Raises ImportIsRunning."""
    undo = ImportRun.objects.filter(undo_of=run, state=ImportRun.State.RUNNING).first()
    if undo is not None and not _try_lock(undo.pk):
        raise ImportIsRunning(f"Import {run.pk} is being taken back at this moment. Wait until that is done.")
    if undo is None:
        undo = ImportRun.objects.create(
            kind=run.kind,
            format=run.format,
            file_name=run.file_name,
            file_digest=run.file_digest,
            undo_of=run,
            actor_id=actor_id,
            last_category=last_category(),
        )
        _try_lock(undo.pk)
    try:
        yield undo
    finally:
        _unlock(undo.pk)


def lock_writing() -> None:
    """Until the end of the transaction nobody else writes a batch: matching by handle needs that."""
    _ask("SELECT pg_advisory_xact_lock(%s, 0)", WRITE_LOCK)


def share_writing() -> None:
    """The same, once nobody else writes; but other connections may join as long as the transaction lasts."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARE_WRITING)


def join_writing() -> bool:
    """Hold until the end of the transaction what a transaction of one's own, which is not over, shares. False, at once, when
    somebody waits for the lock: it is their turn.
    """
    return bool(_ask("SELECT pg_try_advisory_xact_lock_shared(%s, 0)", WRITE_LOCK)[0])


def defer_flush() -> None:
    """The transaction is not waited for until it is on the disk: what the power takes is taken up again, for the run's
    cursor goes with it, and the end of the run is flushed with all before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def finish_run(run: ImportRun, *, state: str, counts: dict[str, Any]) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=state, counts=counts, finished_at=Now())


def _unlock(run_id: int) -> None:
    with suppress(DatabaseError):
        _ask("SELECT pg_advisory_unlock(%s, %s)", RUN_LOCKS, run_id)


def _try_lock(run_id: int) -> bool:
    return bool(_ask("SELECT pg_try_advisory_lock(%s, %s)", RUN_LOCKS, run_id)[0])


def _ask(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
