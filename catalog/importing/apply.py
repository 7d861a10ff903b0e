"""Import a file of products, prices or stock: read, plan, write batch by batch; resumable, and the same file again changes nothing."""

from django.db import connection, transaction

from catalog.importing.import_options import ImportOptions, Watch
from catalog.importing.import_work import ImportWork
from catalog.importing.records import ImportRun
from catalog.importing.report import ImportReport
from catalog.importing.rows import RowError
from catalog.importing.runs import finish_run, hold_run
from catalog.importing.tandem_work import TandemWork


class ImportAborted(Exception):
    """A row was refused and the caller wants all or nothing; nothing was written. `report` has the errors."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("Nothing was imported, because some rows of the file were refused.")
        self.report = report


def preview_import(options: ImportOptions, *, watch: Watch) -> ImportReport:
    """What the import would do, row by row. Writes nothing: the database itself is told to refuse. Raises UnreadableFile."""
    work = ImportWork(options, watch=watch, run=None)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        for batch in work.batches(work.items()):
            work.preview(batch)
    return work.finish()


def import_file(options: ImportOptions, *, watch: Watch) -> ImportReport:
    """Raises UnreadableFile, ImportIsRunning, ImportAborted, ImportStopped."""
    if options.aborts:
        return _import_whole(options, watch=watch)
    work = TandemWork(options, watch=watch, run=None)
    with (
        hold_run(kind=options.kind, format_name=work.format, path=options.path, actor_id=options.actor_id) as run,
        work.in_tandem(),
    ):
        work.take_up(run)
        for batch in work.batches(work.items_to_go()):
            work.apply(batch)
        work.catch_up()
        finish_run(run, state=ImportRun.State.DONE, counts=work.counts())
    return work.finish()


def _import_whole(options: ImportOptions, *, watch: Watch) -> ImportReport:
    """One transaction for all, after a look at the file that costs nothing to take back."""
    look = ImportWork(options, watch=watch, run=None)
    for item in look.items():
        if isinstance(item, RowError):
            look.report.add_error(item)
    if look.report.failed:
        raise ImportAborted(look.finish())
    work = ImportWork(options, watch=watch, run=None)
    with (
        transaction.atomic(),
        hold_run(kind=options.kind, format_name=work.format, path=options.path, actor_id=options.actor_id) as run,
    ):
        work.take_up(run)
        for batch in work.batches(work.items_to_go()):
            work.apply(batch)
            if work.report.failed:
                work.report.import_id = None
                raise ImportAborted(work.finish())
        finish_run(run, state=ImportRun.State.DONE, counts=work.counts())
    return work.finish()
