"""Load the demo shop, once, into an empty database. A load that was interrupted goes on where it stopped."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from oscar.apps.catalogue.models import Product

from catalog.importing.apply import import_file
from catalog.importing.import_work import ImportOptions
from catalog.importing.report import ImportReport
from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.demo.catalogue.files import write_native_files
from shop.demo.contents import write_contents
from shop.demo.history import write_history
from shop.demo.house import furnish_house, open_locations
from shop.demo.people import hire_staff

BEGUN, DONE = "demo shop begun", "demo shop loaded"


class DemoFileRefused(RuntimeError):
    """The demo's own files must import without a single refused row."""


def load_demo_shop(*, say: Callable[[str], None]) -> bool:
    """False when there is nothing to do: the demo is loaded already, or the shop has products of its own."""
    marks = set(AuditEntry.objects.filter(subject_type="shop", subject_id="demo").values_list("action", flat=True))
    if DONE in marks or (BEGUN not in marks and Product.objects.exists()):
        return False
    if BEGUN not in marks:
        record_action(action=BEGUN, subject_type="shop", subject_id="demo", actor_name="make run")
    with transaction.atomic():
        open_locations()
        furnish_house()
        hire_staff()
    say("drawing the demo shop's pictures")
    files = write_native_files(Path(settings.DEMO_DATA_DIR))
    say("bringing in products and stock")
    _import(ImportOptions(path=files.products, format_name="native", actor_name="demo"))
    _import(ImportOptions(path=files.stock, kind="stock", actor_name="demo"))
    say("arranging pages, offers, reviews and past orders")
    write_contents()
    write_history()
    record_action(action=DONE, subject_type="shop", subject_id="demo", actor_name="make run")
    return True


def _import(options: ImportOptions) -> ImportReport:
    report = import_file(options, watch=lambda change: None)
    if report.failed:
        first = report.errors[0]
        raise DemoFileRefused(f"{options.path.name}, line {first.line}, {first.column}: {first.reason}")
    return report
