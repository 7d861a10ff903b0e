"""`make bench`: pages with the page cache off, one web worker, one reader, at several sizes of the catalogue.

Once with nothing kept at all, as after a change of the catalogue, and once with answers kept (facet counts, results),
as the shop runs. The 95th percentile in milliseconds stands beside its line, and beside it the median and the median as a
multiple of /healthz in the same run: on a busy machine compare that. `make bench SIZES=1000,50000,500000 ARGS="-k pages_take"`
names the sizes; BENCH_STRICT=1 makes a missed line fail.
"""

import pytest

from tests.bench.bench_shop import BenchShop, sizes
from tests.bench.figures import Figure, figures, note_figure, refuse_missed
from tests.bench.load import measure_latency, percentile

pytestmark = [pytest.mark.long, pytest.mark.live]
LINES = {"category": 60, "two facets": 80, "search": 80, "typo": 120, "product": 40}
"""Milliseconds (p95) at 50,000 products with nothing kept; above that three times as much."""


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("products", sizes("1000,50000,500000"))
def test_print_how_long_pages_take(bench_shop: BenchShop, products: int) -> None:
    begun, scale = len(figures), 1 if products <= 50_000 else 3
    for is_kept in (False, True):
        shop = bench_shop.open(workers=1, page_cache=False, answers=is_kept)
        bench_shop.grow(products)
        state = "answers kept" if is_kept else "uncached"
        medians: dict[str, float] = {}
        for name, paths in bench_shop.addresses().items():
            spent = measure_latency(shop.url, paths, rounds=100 // scale)
            medians[name] = percentile(spent, 0.5)
            note_figure(
                Figure(
                    products=products,
                    what=f"{name}, {state}",
                    value=percentile(spent, 0.95),
                    unit="ms p95",
                    line=LINES[name] * scale if name in LINES else None,
                    beside=f"p50 {medians[name]:.1f} ms, {medians[name] / medians['health']:.1f} x health",
                )
            )
        deep = medians["page 200"] / medians["page 2"]
        note_figure(Figure(products=products, what=f"page 200, {state}", value=deep, unit="x page 2", line=2))
    refuse_missed(since=begun)
