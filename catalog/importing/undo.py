"""Take an import back: every row that nobody touched since returns to what it was; the others are listed.

An undo is a run of its own with its own before-images, so that it can be undone as well. A SKU that was created and is
needed by now (ordered, in a basket, counted) is taken off sale instead of removed: ledgers are never deleted.
"""

from collections.abc import Callable
from itertools import islice

from django.db import transaction
from django.db.models import Q

from catalog.importing.left_categories import remove_left_categories
from catalog.importing.lists import find_list, take_back_list
from catalog.importing.pace import steady_pace
from catalog.importing.records import ImportRun
from catalog.importing.redirect_file import take_back_redirects
from catalog.importing.runs import ImportIsRunning, finish_run, hold_undo, lock_writing
from catalog.importing.take_back import UndoReport, take_back_products, take_back_skus
from catalog.importing.vocabulary import Vocabulary, house_partner_id
from catalog.importing.write_plan import write_changes
from catalog.importing.writing import Writing

BATCH = 1_000
Progress = Callable[[int], None]


class CannotUndo(Exception):
    """There is no such import, or it cannot be taken back; the message says why."""


def undo_import(run_id: int, *, actor_name: str, actor_id: int | None = None, progress: Progress) -> UndoReport:
    """Newest change first, batch by batch, each in one transaction. Raises CannotUndo."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise CannotUndo(f"There is no import {run_id}. The admin lists all imports under Catalogue, Imports.")
    if run.state == ImportRun.State.UNDONE:
        raise CannotUndo(f"Import {run_id} is taken back already.")
    try:
        with steady_pace(), hold_undo(run, actor_id=actor_id) as undo:
            report = UndoReport(import_id=undo.pk, undo_of=run.pk)
            listed = find_list(run.kind)
            if listed is not None:
                take_back_list(listed, run=run, undo=undo, report=report)
            else:
                _undo_all(undo, run=run, actor_name=actor_name, report=report, progress=progress)
                take_back_redirects(run=run, undo=undo)
            with transaction.atomic():
                lock_writing()
                remove_left_categories(run)
                counts = {"restored": report.restored, "removed": report.removed, "left_alone": len(report.left_alone)}
                finish_run(undo, state=ImportRun.State.DONE, counts=counts)
                ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.UNDONE)
    except ImportIsRunning as running:
        raise CannotUndo(str(running)) from running
    return report


def _undo_all(undo: ImportRun, *, run: ImportRun, actor_name: str, report: UndoReport, progress: Progress) -> None:
    """Products that the import removed come first, because SKUs need them; other products last, once SKUs are gone."""
    removed = Q(subject="product", after={})
    vocabulary, partner_id = Vocabulary(), house_partner_id()
    for chosen in (removed, Q(subject="sku"), Q(subject="product") & ~removed):
        changes = run.changes.filter(chosen).order_by("-id").iterator(chunk_size=BATCH)
        while batch := list(islice(changes, BATCH)):
            with transaction.atomic():
                lock_writing()
                takers = take_back_skus if batch[0].subject == "sku" else take_back_products
                products, skus = takers(batch, run=run, partner_id=partner_id, report=report)
                writing = Writing(run_id=undo.pk, vocabulary=vocabulary, partner_id=partner_id, actor_name=actor_name)
                write_changes(products, skus, writing=writing)
            progress(len(batch))
