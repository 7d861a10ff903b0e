"""Load the demo shop, once, into an empty database. A load that was interrupted goes on where it stopped.

What a visitor sees first is loaded before the shop opens; further pictures follow while it is open.
"""

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
from shop.demo.catalogue.files import write_native_files, write_picture_file
from shop.demo.catalogue.pictures import FRONT
from shop.demo.contents import scenes_of_home, write_contents
from shop.demo.history import write_history
from shop.demo.house import furnish_house, open_locations
from shop.demo.people import hire_staff

BEGUN, OPEN, DONE = "demo shop begun", "demo shop open", "demo shop complete"


class DemoFileRefused(RuntimeError):
    """The demo's own files must import without a single refused row."""


def load_demo_shop(*, say: Callable[[str], None]) -> bool:
    """Everything that the shop opens with: products with a picture of each colour, stock, offers, reviews, past orders.

    False when there is nothing to do: that is loaded already, or the shop has products of its own.
    """
    marks = _marks()
    if OPEN in marks or (BEGUN not in marks and Product.objects.exists()):
        return False
    if BEGUN not in marks:
        _mark(BEGUN)
    with transaction.atomic():
        open_locations()
        furnish_house()
        hire_staff()
    say("drawing the demo shop's pictures")
    files = write_native_files(Path(settings.DEMO_DATA_DIR), views=(FRONT,), scenes=scenes_of_home())
    say("bringing in products and stock")
    _import(ImportOptions(path=files.products, format_name="native", actor_name="demo"))
    _import(ImportOptions(path=files.stock, kind="stock", actor_name="demo"))
    say("arranging pages, offers and reviews")
    write_contents(files.scenery)
    say("living through ninety days of orders")
    write_history()
    _mark(OPEN)
    return True


def finish_demo_shop() -> bool:
    """The second and third picture of each product, while the shop is open. False when there is nothing to do."""
    marks = _marks()
    if OPEN not in marks or DONE in marks:
        return False
    pictures = write_picture_file(Path(settings.DEMO_DATA_DIR))
    _import(ImportOptions(path=pictures, format_name="native", actor_name="demo"))
    _mark(DONE)
    return True


def _marks() -> set[str]:
    return set(AuditEntry.objects.filter(subject_type="shop", subject_id="demo").values_list("action", flat=True))


def _mark(action: str) -> None:
    record_action(action=action, subject_type="shop", subject_id="demo", actor_name="make run")


def _import(options: ImportOptions) -> ImportReport:
    report = import_file(options, watch=lambda change: None)
    if report.failed:
        first = report.errors[0]
        raise DemoFileRefused(f"{options.path.name}, line {first.line}, {first.column}: {first.reason}")
    return report
