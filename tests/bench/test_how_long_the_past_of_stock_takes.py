"""Stock as of 31 December 23:59 for 50,000 SKUs: below 10 seconds, and equal to a replay from the first movement.

    . the test services; pytest tests/bench/test_how_long_the_past_of_stock_takes.py -m long -s

BENCH_SKUS and BENCH_MOVEMENTS name other sizes.
"""

import os
import time
from datetime import UTC, datetime

import pytest

from inventory.costs.as_of import read_stock_as_of
from inventory.costs.invariants import CHECKS
from inventory.costs.table import read_moment
from inventory.invariants import CHECKS as STOCK_CHECKS
from shop.doctor.checks import run_check
from tests.bench.stock_past import build_past
from tests.inventory.replay import replay

SKUS, MOVEMENTS = int(os.environ.get("BENCH_SKUS", "50000")), int(os.environ.get("BENCH_MOVEMENTS", "20"))


def check_that_the_question_equals_a_replay(at: datetime) -> float:
    """Answers the seconds of the second time that it is asked: the first one finds rows that were only just written."""
    read_stock_as_of(at)
    began = time.perf_counter()
    answer = read_stock_as_of(at)
    seconds = time.perf_counter() - began
    found = {line.stock_record_id: line for line in answer.lines}
    shelves = replay(until=at)
    for pk, shelf in shelves.items():
        line = found.get(pk)
        told = (line.on_hand, line.in_transit, line.value, line.uncosted) if line else (0, 0, 0, 0)
        assert told == (shelf.on_hand, shelf.in_transit, shelf.value, shelf.uncosted), pk
    assert answer.totals.value == sum(shelf.value for shelf in shelves.values())
    assert answer.totals.on_hand == sum(shelf.on_hand for shelf in shelves.values())
    return seconds


@pytest.mark.django_db
@pytest.mark.feature("IN06")
def test_two_years_of_a_small_shop_equal_their_replay() -> None:
    build_past(skus=40, movements=20, until=datetime(2027, 3, 1, tzinfo=UTC))
    for text in ("2025-06-30 12:00", "2026-12-31 23:59", "2028-01-01 00:00"):
        check_that_the_question_equals_a_replay(read_moment(text))
    assert [check.name for check in (*CHECKS, *STOCK_CHECKS[:1], STOCK_CHECKS[4]) if run_check(check).violations] == []


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.django_db
@pytest.mark.feature("IN06")
def test_the_past_of_fifty_thousand_skus_takes_less_than_ten_seconds() -> None:
    rows = build_past(skus=SKUS, movements=MOVEMENTS, until=datetime(2027, 3, 1, tzinfo=UTC))
    seconds = check_that_the_question_equals_a_replay(read_moment("2026-12-31 23:59"))
    print(f"\n{SKUS} SKUs, {rows} movements: {seconds:.2f} s (target 10)")
    assert seconds < 10
