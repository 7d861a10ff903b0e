"""Load the demo shop, once, into an empty database. A load that was interrupted goes on where it stopped.

What a visitor sees first is loaded before the shop opens; further pictures follow while it is open.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from oscar.apps.catalogue.models import Product

from catalog.importing.apply import import_file
from catalog.importing.import_work import ImportOptions
from catalog.importing.report import ImportReport
from checkout.together import count_bought_together, count_units_sold
from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.demo.agreed import prepare_by_phone
from shop.demo.books import keep_books
from shop.demo.buying import buy_goods
from shop.demo.catalogue.files import write_first_files, write_picture_file
from shop.demo.contents import write_contents
from shop.demo.goods import put_files_up
from shop.demo.history import write_history
from shop.demo.house import furnish_house, open_locations
from shop.demo.people import hire_staff
from shop.demo.stockroom import fill_stockroom
from shop.demo.voices import tell_buyers_from_others

BEGUN, OPEN, DONE = "demo shop begun", "demo shop open", "demo shop complete"


class DemoFileRefused(RuntimeError):
    """The demo's own files must import without a single refused row."""


def begin_drawing() -> subprocess.Popen[bytes]:
    """Draw in processes of their own, while the database is being prepared; `load_demo_shop` waits for it."""
    folder = Path(settings.DEMO_DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen([sys.executable, "-m", "shop.demo.catalogue.files", str(folder)], cwd=settings.BASE_DIR)


def load_demo_shop(*, say: Callable[[str], None], drawing: subprocess.Popen[bytes] | None = None) -> bool:
    """Everything that the shop opens with: products with a picture each, stock, offers, reviews, past orders.

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
    if drawing is not None:
        drawing.wait()
    files = write_first_files(Path(settings.DEMO_DATA_DIR))
    say("bringing in products and stock")
    put_files_up()
    _import(ImportOptions(path=files.products, format_name="native", actor_name="demo"))
    _import(ImportOptions(path=files.stock, kind="stock", actor_name="demo"))
    say("arranging pages, offers and reviews")
    write_contents(files.scenery)
    buy_goods()
    say("living through ninety days of orders")
    write_history()
    keep_books()
    fill_stockroom()
    prepare_by_phone()
    tell_buyers_from_others()
    count_units_sold()
    count_bought_together()
    _mark(OPEN)
    return True


def finish_demo_shop() -> bool:
    """The pictures of every colour, close and at home, while the shop is open. False when there is nothing to do."""
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
