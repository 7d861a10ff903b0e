"""Import a list whose rows stand for themselves (redirects, customers): read, write in batches, resume, take back.

Each kind of list is one `ListKind`, registered by the room that owns the table.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from catalog.importing.apply import ImportAborted
from catalog.importing.import_options import ImportOptions, Watch
from catalog.importing.plan import RowChange
from catalog.importing.records import ImportChange, ImportRun
from catalog.importing.report import ImportReport, error_as_json
from catalog.importing.rows import RowError
from catalog.importing.runs import finish_run, hold_run, lock_writing
from catalog.importing.source import Source, open_source
from catalog.importing.take_back import UndoReport

COUNTED = ("rows", "created", "updated", "unchanged", "failed")
ERRORS_KEPT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """`key` names the row and comes once in a file; `values` is what the kind of list reads from a row."""

    line: int
    key: str
    values: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """`detect` names the format of a header; `write` returns the fate of every row and, within a run, writes them all.

    `write` and `restore` run in the caller's transaction and keep before-images in `ImportChange`.
    """

    name: str
    batch: int
    detect: Callable[[Source], str]
    read: Callable[[Source], Iterator[ListRow | RowError]]
    write: Callable[[Sequence[ListRow], ImportRun | None], list[RowChange]]
    restore: Callable[[Sequence[ImportChange], ImportRun, UndoReport], None]


_kinds: dict[str, ListKind] = {}


def register_list(kind: ListKind) -> None:
    _kinds[kind.name] = kind


def find_list(name: str) -> ListKind | None:
    return _kinds.get(name)


def import_list(options: ImportOptions, *, watch: Watch, is_dry: bool) -> ImportReport:
    """Raises UnreadableFile, ImportIsRunning, ImportAborted."""
    kind, started = _kinds[options.kind], time.monotonic()
    source = open_source(options.path)
    report = ImportReport(format=kind.detect(source))
    if is_dry:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            _write_all(kind, source, report=report, watch=watch, run=None)
    else:
        _import_within_run(kind, source, options=options, report=report, watch=watch)
    report.products = report.rows - report.failed
    report.errors.sort(key=lambda error: error.line)
    report.seconds = time.monotonic() - started
    return report


def take_back_list(kind: ListKind, *, run: ImportRun, undo: ImportRun, report: UndoReport) -> None:
    """Newest change first; each batch in one transaction."""
    changes = run.changes.order_by("-id").iterator(chunk_size=kind.batch)
    while batch := list(islice(changes, kind.batch)):
        with transaction.atomic():
            lock_writing()
            kind.restore(batch, undo, report)


def keep_change(run: ImportRun, *, subject: str, key: str, before: Any, after: Any) -> ImportChange:
    return ImportChange(run=run, subject=subject, identifier=key[:255], before=before, after=after)


def _import_within_run(
    kind: ListKind, source: Source, *, options: ImportOptions, report: ImportReport, watch: Watch
) -> None:
    if not options.aborts:
        with hold_run(kind=kind.name, format_name=report.format, path=options.path, actor_id=options.actor_id) as run:
            report.import_id = run.pk
            _write_all(kind, source, report=report, watch=watch, run=run)
            finish_run(run, state=ImportRun.State.DONE, counts=_counts(report))
        return
    with (
        transaction.atomic(),
        hold_run(kind=kind.name, format_name=report.format, path=options.path, actor_id=options.actor_id) as run,
    ):
        _write_all(kind, source, report=report, watch=watch, run=run)
        if report.failed:
            raise ImportAborted(report)
        report.import_id = run.pk
        finish_run(run, state=ImportRun.State.DONE, counts=_counts(report))


def _write_all(kind: ListKind, source: Source, *, report: ImportReport, watch: Watch, run: ImportRun | None) -> None:
    if run is not None:
        for name in COUNTED:
            setattr(report, name, run.counts.get(name, 0))
        report.errors += [RowError(**error) for error in run.counts.get("errors", ())]
    items = islice(refuse_repeated(kind.read(source)), run.cursor if run else 0, None)
    while batch := list(islice(items, kind.batch)):
        rows = [item for item in batch if isinstance(item, ListRow)]
        with transaction.atomic():
            if run is not None:
                lock_writing()
            changes = kind.write(rows, run)
            changes += [
                RowChange(line=error.line, handle="", sku="", outcome="failed", error=error)
                for error in batch
                if isinstance(error, RowError)
            ]
            _count(changes, report=report)
            if run is not None:
                run.cursor += len(batch)
                ImportRun.objects.filter(pk=run.pk).update(cursor=run.cursor, counts=_counts(report))
        for change in sorted(changes, key=lambda change: change.line):
            watch(change)


def refuse_repeated(rows: Iterable[ListRow | RowError]) -> Iterator[ListRow | RowError]:
    """The first row of a key counts, later ones are refused."""
    lines: dict[str, int] = {}
    for row in rows:
        if isinstance(row, ListRow):
            first = lines.setdefault(row.key, row.line)
            if first != row.line:
                reason = f"This is already on line {first}. Remove one of the two rows."
                yield RowError(line=row.line, column="", value=row.key, reason=reason)
                continue
        yield row


def _count(changes: Sequence[RowChange], *, report: ImportReport) -> None:
    report.rows += len(changes)
    for change in changes:
        setattr(report, change.outcome, getattr(report, change.outcome) + 1)
    report.keep_errors([change.error for change in changes if change.error is not None])


def _counts(report: ImportReport) -> dict[str, Any]:
    kept = [error_as_json(error) for error in report.errors[:ERRORS_KEPT]]
    return {name: getattr(report, name) for name in COUNTED} | {"errors": kept}
