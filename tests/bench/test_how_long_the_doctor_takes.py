"""`make bench`: every question of the doctor on BENCH_BOOK_ORDERS orders (200,000), the slowest ones by name.

BENCH_STRICT=1 makes more than a minute fail; a finding always fails.
"""

import os
import time

import pytest

from shop.doctor.checks import registered_checks, run_check
from tests.bench.order_book import write_order_book

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
ORDERS, LINE = int(os.environ.get("BENCH_BOOK_ORDERS", "200000")), 60.0


def test_print_how_long_the_doctor_takes() -> None:
    began = time.perf_counter()
    orders = write_order_book(orders=ORDERS, say=lambda words: None)
    print(f"\n{orders} orders written in {time.perf_counter() - began:.0f} s")
    spent: list[tuple[float, str]] = []
    findings: list[object] = []
    for check in registered_checks():
        began = time.perf_counter()
        finding = run_check(check)
        spent.append((time.perf_counter() - began, f"{check.id} {check.name}"))
        if finding.violations:
            findings.append((check.id, check.name, finding.violations, finding.examples[:2]))
    whole = sum(seconds for seconds, _ in spent)
    for seconds, name in sorted(spent, reverse=True)[:8]:
        print(f"{seconds:>7.2f} s  {name}")
    print(f"{whole:>7.2f} s  all {len(spent)} questions on {orders} orders; the line is {LINE:.0f} s")
    assert findings == []
    assert not (whole >= LINE and os.environ.get("BENCH_STRICT") == "1"), f"{whole:.1f} s"
