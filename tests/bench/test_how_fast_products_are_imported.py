"""`make bench`: products with two variants, five attributes and stock each, into a whole open shop.

`make bench SIZES=5000 ARGS="-k imported"` sets how many (100,000 at most). Prints products a second, memory, the ratio to
a bare COPY of the same rows, and how long pages take meanwhile; asserts that the doctor finds nothing and that memory is
bounded.
"""

import json
import resource
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.bench.bench_shop import sizes
from tests.bench.figures import Figure, figures, note_figure, refuse_missed
from tests.bench.product_file import write_product_file
from tests.live.running_shop import RunningShop

pytestmark = [pytest.mark.long, pytest.mark.live]
PRODUCTS = max([number for number in sizes("50000") if number <= 100_000] or [50_000])
PAGES = ("/", "/c/house/", "/search/?q=lamp", "/p/product-1/")
MEMORY = 300
TABLES = (
    "catalogue_product",
    "catalogue_productcategory",
    "catalogue_productattributevalue",
    "catalog_variantaxis",
    "partner_stockrecord",
    "catalog_pricedetail",
    "catalog_pricechange",
    "inventory_stocklevel",
    "inventory_stockmovement",
    "catalog_searchdocument",
    "catalog_importchange",
    "catalog_importfingerprint",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    shop = RunningShop(tmp_path_factory.mktemp("bench") / "state", demo=False).start(seconds=600)
    yield shop
    shop.stop()


class Readers:
    """Ask pages one after the other, as fast as a shopper who never sleeps, until stopped; milliseconds of each."""

    def __init__(self, url: str) -> None:
        self._url, self._stop, self.spent = url, threading.Event(), [0.0]
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop.set()
        self._thread.join()

    def _read(self) -> None:
        with httpx.Client(timeout=60) as client:
            while not self._stop.is_set():
                for page in PAGES:
                    began = time.perf_counter()
                    assert client.get(self._url + page).status_code == 200
                    self.spent.append((time.perf_counter() - began) * 1000)
                    time.sleep(0.05)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.spent, n=20)[-1]


def run(shop: RunningShop, *arguments: str) -> dict[str, Any]:
    return json.loads(shop.manage(*arguments, "--json", timeout=3000).stdout)


def copy_bare(url: str, folder: Path) -> float:
    """Seconds that COPY takes to bring the same rows into tables with the same indexes and no foreign keys."""
    seconds = 0.0
    with psycopg.connect(url, autocommit=True) as database:
        for table in TABLES:
            file = folder / table
            with file.open("wb") as out, database.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                for block in copy:
                    out.write(block)
            database.execute(f"CREATE TABLE bare_copy (LIKE {table} INCLUDING ALL)")
            began = time.perf_counter()
            with file.open("rb") as rows, database.cursor().copy("COPY bare_copy FROM STDIN") as copy:
                while block := rows.read(256 * 1024):
                    copy.write(block)
            seconds += time.perf_counter() - began
            database.execute("DROP TABLE bare_copy")
            file.unlink()
    return seconds


@pytest.mark.timeout(7200)
def test_print_how_fast_products_are_imported(shop: RunningShop, tmp_path: Path) -> None:
    begun, some = len(figures), PRODUCTS // 5
    file = write_product_file(tmp_path / "new.csv", products=PRODUCTS)
    new = run(shop, "import_products", str(file))
    assert (new["created"], new["failed"]) == (2 * PRODUCTS, 0)
    bare = copy_bare(shop.services["DATABASE_URL"], tmp_path)
    show("new", new["seconds"], line=1500, beside=f"{new['seconds'] / bare:.1f} times a bare COPY of the same rows")
    show("bare COPY of the same rows", bare)
    again = run(shop, "import_products", str(file))
    assert again["unchanged"] == 2 * PRODUCTS
    show("unchanged", again["seconds"], line=5000)
    dearer = write_product_file(tmp_path / "dearer.csv", products=some, price_shift=1)
    changed = run(shop, "import_products", str(dearer))
    assert changed["updated"] == 2 * some
    show("every price changed", changed["seconds"], products=some)
    began = time.perf_counter()
    run(shop, "undo_import", str(changed["import_id"]))
    show("prices undone", time.perf_counter() - began, products=some)
    small = write_product_file(tmp_path / "small.csv", products=some)
    assert run(shop, "import_products", str(small))["unchanged"] == 2 * some
    more = write_product_file(tmp_path / "more.csv", products=some, first=PRODUCTS)
    with Readers(shop.url) as readers:
        beside = run(shop, "import_products", str(more))
    show("new, while pages are read", beside["seconds"], products=some)
    pages = f"of {len(readers.spent)} pages"
    tell("pages while products are imported", readers.p95, unit="ms p95", line=300, beside=pages)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    tell("memory of the importing process", memory, unit="MB", line=MEMORY)
    assert memory < MEMORY
    assert json.loads(shop.manage("doctor", "--json", timeout=600).stdout)["ok"]
    refuse_missed(since=begun)


def show(name: str, seconds: float, *, products: int = PRODUCTS, line: float | None = None, beside: str = "") -> None:
    told = f"{seconds:.1f} s" + (f", {beside}" if beside else "")
    figure = Figure(
        products=products, what=name, value=products / seconds, unit="products/s", line=line, is_least=True, beside=told
    )
    note_figure(figure)


def tell(name: str, value: float, *, unit: str, line: float, beside: str = "") -> None:
    note_figure(Figure(products=PRODUCTS, what=name, value=value, unit=unit, line=line, beside=beside))
