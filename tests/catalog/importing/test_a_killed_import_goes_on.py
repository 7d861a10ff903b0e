"""SIGKILL in the middle of an import; the same command again loses nothing and doubles nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as django_settings
from django.db import connection
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.importing.records import ImportChange, ImportRun
from catalog.importing.runs import RUN_LOCKS, ImportIsRunning, digest_file
from catalog.pricing.records import PriceChange
from inventory.models import StockMovement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IE06")]

PRODUCTS = 4_000


def write_file(folder: Path) -> Path:
    path = folder / "products.csv"
    lines = (f"p{n},P{n},Product {n},5,{n % 9 + 1}" if n != 700 else "p700,P700,Bad,-5,1" for n in range(PRODUCTS))
    path.write_text("\n".join(["handle,sku,title,price,stock", *lines]), encoding="utf-8")
    return path


def database_url() -> str:
    """Of the test's own database."""
    wanted = connection.settings_dict
    login = quote(wanted["USER"]) + (f":{quote(wanted['PASSWORD'])}" if wanted["PASSWORD"] else "")
    port = f":{wanted['PORT']}" if wanted["PORT"] else ""
    if wanted["HOST"].startswith("/"):
        return f"postgresql://{login}@{port}/{wanted['NAME']}?{urlencode({'host': wanted['HOST']})}"
    return f"postgresql://{login}@{wanted['HOST']}{port}/{wanted['NAME']}"


def kill_in_the_middle(path: Path) -> int:
    """Rows that the killed process had written."""
    manage = str(Path(django_settings.BASE_DIR) / "manage.py")
    environment = os.environ | {"DATABASE_URL": database_url()}
    importer = subprocess.Popen([sys.executable, manage, "import_products", str(path)], env=environment)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and importer.poll() is None:
            if ImportRun.objects.filter(cursor__gte=1_000).exists():
                break
            time.sleep(0.02)
    finally:
        os.kill(importer.pid, signal.SIGKILL)
        importer.wait()
    return ImportRun.objects.get().cursor


def test_a_killed_import_is_taken_up_where_it_stopped(run_import, tmp_path: Path) -> None:
    path = write_file(tmp_path)
    written = kill_in_the_middle(path)
    assert 1_000 <= written < PRODUCTS
    assert ImportRun.objects.get().state == ImportRun.State.RUNNING
    assert Product.objects.count() == written - 1
    report = run_import(path)
    assert (report.rows, report.products, report.created, report.failed) == (PRODUCTS, PRODUCTS - 1, PRODUCTS - 1, 1)
    assert [error.line for error in report.errors] == [702]
    assert ImportRun.objects.get().state == ImportRun.State.DONE
    assert Product.objects.count() == StockRecord.objects.count() == PRODUCTS - 1
    assert PriceChange.objects.count() == StockMovement.objects.count() == PRODUCTS - 1
    assert ImportChange.objects.count() == 2 * (PRODUCTS - 1)
    again = run_import(path)
    assert (again.import_id != report.import_id, again.unchanged) == (True, PRODUCTS - 1)


def test_a_file_that_is_being_imported_is_not_taken_up_by_a_second_process(run_import, tmp_path: Path) -> None:
    path = write_file(tmp_path)
    run = ImportRun.objects.create(
        kind="products", format="native", file_name=path.name, file_digest=digest_file(path), cursor=500
    )
    elsewhere = connection.copy()
    with elsewhere.cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", (RUN_LOCKS, run.pk))
        with pytest.raises(ImportIsRunning, match=f"import {run.pk}"):
            run_import(path)
    elsewhere.close()
