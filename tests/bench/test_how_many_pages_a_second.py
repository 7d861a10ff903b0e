"""`make bench`: pages a second from two web workers over eight connections, the load generator on the same machine.

Measured with the page cache off (answers to the same question are kept, exactly) and on, beside /healthz (what the
machine can do at best). `make bench SIZES=20000 ARGS="-k a_second"` names the sizes; BENCH_STRICT=1 makes a missed line
fail.
"""

from pathlib import Path

import pytest

from tests.bench.bench_shop import BenchShop, sizes
from tests.bench.figures import Figure, figures, note_figure, refuse_missed
from tests.bench.load import measure_throughput

pytestmark = [pytest.mark.long, pytest.mark.live]
LINES = {"category": 120, "product": 250, "search": 120}
CACHED = 1500
SECONDS = 8


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("products", sizes("20000,50000", most=50_000))
def test_print_how_many_pages_a_second(bench_shop: BenchShop, tmp_path: Path, products: int) -> None:
    begun = len(figures)
    for page_cache in (False, True):
        shop = bench_shop.open(workers=2, page_cache=page_cache)
        bench_shop.grow(products)
        addresses = bench_shop.addresses()
        best = 1.0
        for name in ("health", *LINES):
            # Each worker draws each page once before it can show it again: two hundred of them are products.
            measure_throughput(shop.url, addresses[name], seconds=6 if page_cache else 2, folder=tmp_path)
            rate, wrong = measure_throughput(shop.url, addresses[name], seconds=SECONDS, folder=tmp_path)
            assert wrong == 0, f"{wrong} answers to {name} were not pages"
            best = rate if name == "health" else best
            note_figure(
                Figure(
                    products=products,
                    what=f"{name}, page cache {'on' if page_cache else 'off'}",
                    value=rate,
                    unit="pages/s",
                    line=None if name == "health" else CACHED if page_cache else LINES[name],
                    is_least=True,
                    beside=f"{rate / best:.3f} of health",
                )
            )
    refuse_missed(since=begun)
