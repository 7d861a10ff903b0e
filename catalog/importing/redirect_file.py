"""Files of redirects: `from_path,to_path`. Chains are flattened, loops refused, addresses of other shops refused."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import transaction

from catalog.importing.headings import read_plainly, require_columns
from catalog.importing.lists import ListKind, ListRow, keep_change
from catalog.importing.plan import Outcome, RowChange
from catalog.importing.records import ImportChange, ImportRun
from catalog.importing.rows import RowError
from catalog.importing.source import Record, Source
from catalog.importing.take_back import LeftAlone, UndoReport
from shop.redirects.models import Redirect
from shop.redirects.moves import Move, add_redirects, remove_redirects
from shop.redirects.paths import UnusablePath, clean_path, clean_target

NAME = "redirects"
BATCH = 20_000
NEEDED = ("from_path", "to_path")
ALIASES = {
    "redirect from": "from_path",
    "redirect to": "to_path",
    "request_path": "from_path",
    "target_path": "to_path",
    "source": "from_path",
    "origin": "from_path",
    "target": "to_path",
    "old url": "from_path",
    "new url": "to_path",
}
"""What Shopify, Magento and WordPress' redirection plugins call the two columns."""
PATTERN = "This row is a pattern for many addresses (a regular expression). Write one row for each address instead."


def detect(source: Source) -> str:
    """Raises UnreadableFile."""
    if source.kind == "jsonl":
        return "native"
    require_columns(source, needed=NEEDED, file_of="file of redirects", aliases=ALIASES)
    return "native" if set(NEEDED) <= {name.casefold() for name in source.header} else "other"


def read(source: Source) -> Iterator[ListRow | RowError]:
    is_other = not set(NEEDED) <= {name.casefold() for name in source.header}
    for record in read_plainly(source, aliases=ALIASES):
        if isinstance(record, RowError):
            yield record
            continue
        if is_other and source.header:
            record = Record(record.line, {name: _with_slash(cell) for name, cell in record.cells.items()})
        column = "from_path"
        try:
            if record.cells.get("regex", "") == "1" or record.cells.get("format", "").casefold() == "regex":
                raise UnusablePath(PATTERN)
            old = clean_path(record.cells.get(column, ""))
            column = "to_path"
            target = record.cells.get(column, "")
            if not target:
                raise UnusablePath("Every row needs a to_path. Fill in where the address leads to.")
            row = ListRow(line=record.line, key=old, values=clean_target(target))
        except UnusablePath as error:
            yield RowError(line=record.line, column=column, value=record.cells.get(column, ""), reason=str(error))
        else:
            yield row


def _with_slash(text: str) -> str:
    """Magento and Yoast leave the first slash of a path away."""
    return f"/{text}" if re.match(r"[\w%.~-]+(?:$|[/?#])", text) and not text.isdigit() else text


def write(rows: Sequence[ListRow], run: ImportRun | None) -> list[RowChange]:
    """Without a run nothing is written."""
    moves = [Move(old=row.key, new=row.values) for row in rows]
    reason = f"import {run.pk}" if run else ""
    answer = add_redirects(moves, reason=reason, writes=run is not None)
    changes, unchanged = [], set(answer.unchanged)
    for row in rows:
        old = answer.replaced.get(row.key)
        if row.key in answer.refused:
            error = RowError(line=row.line, column="to_path", value=row.values, reason=answer.refused[row.key])
            changes.append(RowChange(line=row.line, handle="", sku=row.key, outcome="failed", error=error))
        elif row.key in unchanged:
            changes.append(RowChange(line=row.line, handle="", sku=row.key, outcome="unchanged"))
        else:
            fields = {"to_path": (old, answer.targets[row.key])}
            outcome: Outcome = "created" if old is None else "updated"
            changes.append(RowChange(line=row.line, handle="", sku=row.key, outcome=outcome, fields=fields))
    if run is not None:
        ImportChange.objects.bulk_create(
            keep_change(
                run, subject="redirect", key=change.sku, before=_image(change.sku, old), after=_image(change.sku, new)
            )
            for change in changes
            for old, new in [change.fields.get("to_path", (None, None))]
            if new is not None
        )
    return changes


def restore(batch: Sequence[ImportChange], undo: ImportRun, report: UndoReport) -> None:
    """A redirect that still leads where the import made it lead goes back to what it was."""
    paths = [(change.after or change.before or {})["from_path"] for change in batch]
    current = dict(Redirect.objects.filter(from_path__in=paths).values_list("from_path", "to_path"))
    moves, gone, kept = [], [], []
    for path, change in zip(paths, batch, strict=True):
        if current.get(path) != (change.after or {}).get("to_path"):
            report.left_alone.append(LeftAlone(subject="redirect", identifier=path, fields=("to_path",)))
            continue
        if change.before:
            moves.append(Move(old=path, new=change.before["to_path"]))
            report.restored += 1
        else:
            gone.append(path)
            report.removed += 1
        kept.append(
            keep_change(undo, subject="redirect", key=path, before=change.after or None, after=change.before or {})
        )
    remove_redirects(gone)
    add_redirects(moves, reason=f"import {undo.pk}")
    ImportChange.objects.bulk_create(kept)


def take_back_redirects(*, run: ImportRun, undo: ImportRun) -> None:
    """The old addresses that an import of products made lead on; they are counted with nothing."""
    changes = run.changes.filter(subject="redirect").order_by("-id").iterator(chunk_size=BATCH)
    while batch := list(islice(changes, BATCH)):
        with transaction.atomic():
            restore(batch, undo, UndoReport(import_id=undo.pk, undo_of=run.pk))


def _image(path: str, target: str | None) -> dict[str, str] | None:
    return None if target is None else {"from_path": path, "to_path": target}


KIND = ListKind(name=NAME, batch=BATCH, detect=detect, read=read, write=write, restore=restore)
