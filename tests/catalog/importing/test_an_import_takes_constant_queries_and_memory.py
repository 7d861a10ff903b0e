"""The number of statements grows with batches, not with rows; memory does not grow with the file."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.importing.batches import split_into_batches
from catalog.importing.rows import ProductRow

pytestmark = pytest.mark.feature("IE06")

HEADER = "handle,sku,title,price,stock,categories,brand,attribute:material,option1_name,option1_value\n"


def rows(start: int, products: int) -> str:
    lines = []
    for n in range(start, start + products):
        lines.append(f"a{n},A{n},Mug {n},5,{n % 9 + 1},Kitchen,Acme,Clay,,")
        lines += [f"b{n},B{n}-{size},Sock {n},7,3,Clothes,Acme,Wool,Size,{size}" for size in "SML"]
    return HEADER + "\n".join(lines)


@pytest.mark.django_db
def test_ten_and_two_hundred_products_take_the_same_statements(run_import) -> None:
    run_import(rows(0, 2))
    counts = []
    for start, products in ((100, 5), (1_000, 100)):
        with CaptureQueriesContext(connection) as queries:
            report = run_import(rows(start, products))
        assert report.created == products * 4
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 78
    with CaptureQueriesContext(connection) as queries:
        assert run_import(rows(1_000, 100)).unchanged == 400
    assert len(queries) <= 35


def test_batches_hold_whole_products_and_bounded_text() -> None:
    def make_rows(handles: int, variants: int, length: int):
        for handle in range(handles):
            for variant in range(variants):
                yield ProductRow(line=1, handle=f"h{handle}", sku=f"{handle}-{variant}", description="x" * length)

    batches = list(split_into_batches(make_rows(1_200, 3, 10)))
    assert all(len(batch) <= 2_000 for batch in batches)
    assert sum(len(batch) for batch in batches) == 3_600
    assert not set.intersection(*({row.handle for row in batch} for batch in batches[:2]))
    assert max(len(batch) for batch in split_into_batches(make_rows(1, 9_000, 0))) == 2_000
    assert max(len(batch) for batch in split_into_batches(make_rows(100, 1, 900_000))) <= 10


def test_reading_a_large_file_takes_little_memory(read_bytes, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("handle,sku,title,price,description\n")
        for n in range(60_000):
            file.write(f"h{n},S{n},Title {n},5,<p>{'Long text. ' * 60}</p>\n")
    program = (
        "import sys; from pathlib import Path\n"
        "from catalog.importing.detect import read_rows\nfrom catalog.importing.source import open_source\n"
        "count = sum(1 for row in read_rows(open_source(Path(sys.argv[1])), name='native', currency='EUR'))\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(count, peak.split()[1])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    count, kilobytes = answer.stdout.split()
    assert int(count) == 60_000
    assert int(kilobytes) < 120_000
