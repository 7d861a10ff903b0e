"""A file handed in by a person: kept, looked at in the background, imported when they say so, taken back on request.

Each step is an outbox event, so it happens though the page is closed, and goes on where a killed worker left it.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction

from catalog.importing.apply import ImportAborted, import_file, preview_import
from catalog.importing.errors_file import RefusedLines
from catalog.importing.import_options import ImportOptions, ImportStopped
from catalog.importing.lists import find_list, import_list
from catalog.importing.plan import RowChange
from catalog.importing.records import ImportRun
from catalog.importing.report import ImportReport, error_as_json
from catalog.importing.rows import UnreadableFile
from catalog.importing.runs import ImportIsRunning
from catalog.importing.shown_values import show_change
from catalog.importing.undo import CannotUndo, undo_import
from catalog.importing.upload_records import ImportUpload
from shop.outbox.publish import publish
from shop.outgoing import FetchLimits

CHECK, APPLY, UNDO = "import.uploaded", "import.confirmed", "import.undo_requested"
ROWS_SHOWN = 200
PROGRESS_EVERY = 500
LOOK_AGAIN = timedelta(minutes=1)
_LOCKS = 0x1AB


class UploadBusy(ValueError):
    """The file is not at the step that was asked for; the message says so."""


class CannotKeep(OSError):
    """There is no room for the file, or no right to write it; nothing was kept. The message is the sentence to show."""


def keep_upload(file: File, *, kind: str, format_name: str, aborts: bool, fetches: bool, actor: Any) -> ImportUpload:
    """Stores the file where no page serves it, and asks for a dry run. Raises CannotKeep."""
    ending = re.sub(r"[^.a-z0-9]", "", Path(file.name or "").suffix.casefold())[:8]
    stored_as = f"{uuid.uuid4().hex}{ending}"
    _write(file, Path(settings.IMPORT_DIR) / stored_as)
    with transaction.atomic():
        upload = ImportUpload.objects.create(
            kind=kind,
            format_name=format_name,
            aborts=aborts,
            fetches=fetches,
            file_name=Path(file.name or "file").name[:255],
            stored_as=stored_as,
            actor=actor,
        )
        publish(CHECK, {"upload_id": upload.pk}, key=f"{CHECK}:{upload.pk}:0")
    return upload


def _write(file: File, path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    except OSError as problem:
        path.unlink(missing_ok=True)
        raise CannotKeep(
            f"The file could not be kept: {problem.strerror}. Nothing was imported. Free some room and try again."
        ) from problem


def confirm_upload(upload_id: int) -> None:
    """Import it now. Raises UploadBusy unless the dry run is done and nobody confirmed it before."""
    with transaction.atomic():
        claimed = ImportUpload.objects.filter(pk=upload_id, state=ImportUpload.State.CHECKED)
        if not claimed.update(state=ImportUpload.State.WAITING):
            raise UploadBusy("This file is not waiting for a decision any more. Load the page again.")
        publish(APPLY, {"upload_id": upload_id}, key=f"{APPLY}:{upload_id}:0")


def request_undo(run_id: int, *, actor_id: int | None, actor_name: str) -> None:
    """Take an import back in the background. Raises UploadBusy when it is not a finished import."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None or run.state != ImportRun.State.DONE:
        raise UploadBusy("Only a finished import can be taken back, and only once.")
    with transaction.atomic():
        payload = {"run_id": run_id, "actor_id": actor_id, "actor_name": actor_name}
        if not publish(UNDO, payload, key=f"{UNDO}:{run_id}"):
            raise UploadBusy("This import is being taken back already.")


def path_of(upload: ImportUpload) -> Path:
    return Path(settings.IMPORT_DIR) / upload.stored_as


def errors_path_of(upload: ImportUpload) -> Path:
    path = path_of(upload)
    ending = ".xlsx" if path.suffix == ".xls" else path.suffix
    return path.with_name(f"{path.stem}-refused{ending}")


def check_upload(payload: Mapping[str, Any]) -> None:
    """Handles CHECK: what the import would do, row by row."""
    with _hold(CHECK, payload) as upload:
        if upload is None or upload.state != ImportUpload.State.CHECKING:
            return
        shown: list[dict[str, Any]] = []
        refused = RefusedLines()

        def watch(change: RowChange) -> None:
            if change.error is not None:
                refused.add(change.error)
            if change.outcome != "unchanged" and len(shown) < ROWS_SHOWN:
                shown.append(_as_shown(change))

        try:
            report = _run(upload, watch=watch, is_dry=True)
            _write_refused(upload, refused=refused, report=report)
        except UnreadableFile as error:
            _fail(upload, str(error))
            return
        upload.preview = {**_as_json(report), "shown": shown}
        upload.state = ImportUpload.State.CHECKED
        upload.save(update_fields=["preview", "state"])


def apply_upload(payload: Mapping[str, Any]) -> None:
    """Handles APPLY; a second time, or after a kill, it goes on where it was."""
    with _hold(APPLY, payload) as upload:
        if upload is None or upload.state not in (ImportUpload.State.WAITING, ImportUpload.State.RUNNING):
            return
        ImportUpload.objects.filter(pk=upload.pk).update(state=ImportUpload.State.RUNNING)
        seen, refused = 0, RefusedLines()

        def watch(change: RowChange) -> None:
            nonlocal seen
            seen += 1
            if change.error is not None:
                refused.add(change.error)
            if seen % PROGRESS_EVERY == 0:
                ImportUpload.objects.filter(pk=upload.pk).update(progress=seen)

        try:
            report = _run(upload, watch=watch, is_dry=False)
        except ImportAborted as aborted:
            _write_refused(upload, refused=refused, report=aborted.report)
            upload.report = _as_json(aborted.report)
            _fail(upload, str(aborted))
            return
        except (UnreadableFile, ImportIsRunning, ImportStopped) as error:
            _fail(upload, str(error))
            return
        _write_refused(upload, refused=refused, report=report)
        upload.report, upload.progress, upload.run_id = _as_json(report), report.rows, report.import_id
        upload.state = ImportUpload.State.DONE
        upload.save(update_fields=["report", "progress", "run", "state"])


def undo_uploaded(payload: Mapping[str, Any]) -> None:
    """Handles UNDO. An import that is taken back already is left alone."""
    try:
        undo_import(
            payload["run_id"],
            actor_name=payload["actor_name"],
            actor_id=payload["actor_id"],
            progress=lambda count: None,
        )
    except CannotUndo:
        return


@contextmanager
def _hold(event: str, payload: Mapping[str, Any]) -> Iterator[ImportUpload | None]:
    """The upload, held by this process alone. None while another works on it: then a look again later is asked for."""
    upload_id, number = payload["upload_id"], payload.get("number", 0) + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, upload_id])
        (is_held,) = cursor.fetchone() or (False,)
    if not is_held:
        with transaction.atomic():
            again = {"upload_id": upload_id, "number": number}
            publish(event, again, key=f"{event}:{upload_id}:{number}", delay=LOOK_AGAIN)
        yield None
        return
    try:
        yield ImportUpload.objects.filter(pk=upload_id).first()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, upload_id])


def _run(upload: ImportUpload, *, watch: Any, is_dry: bool) -> ImportReport:
    options = ImportOptions(
        path=path_of(upload),
        kind=upload.kind,  # type: ignore[arg-type]
        format_name=upload.format_name,
        aborts=upload.aborts,
        fetches=FetchLimits() if upload.fetches else None,
        actor_name=f"import of {upload.file_name}",
        actor_id=upload.actor_id,
    )
    if find_list(upload.kind) is not None:
        return import_list(options, watch=watch, is_dry=is_dry)
    return (preview_import if is_dry else import_file)(options, watch=watch)


def _write_refused(upload: ImportUpload, *, refused: RefusedLines, report: ImportReport) -> None:
    for error in report.errors:
        refused.add(error)
    if refused.reasons:
        refused.write(path_of(upload), to=errors_path_of(upload), format_name=report.format)


def _fail(upload: ImportUpload, problem: str) -> None:
    upload.state, upload.problem = ImportUpload.State.FAILED, problem
    upload.save(update_fields=["state", "problem", "report"])


def _as_json(report: ImportReport) -> dict[str, Any]:
    return {
        **report.as_json(),
        "errors": [error_as_json(error) for error in report.errors[:ROWS_SHOWN]],
        "notes": report.notes,
    }


def _as_shown(change: RowChange) -> dict[str, Any]:
    return {
        "line": change.line,
        "sku": change.sku,
        "outcome": change.outcome,
        "fields": [
            dict(zip(("name", "old", "new"), (name, *show_change(old, new)), strict=True))
            for name, (old, new) in change.fields.items()
        ]
        if change.outcome == "updated"
        else [],
        "column": change.error.column if change.error else "",
        "reason": change.error.reason if change.error else "",
    }
