"""Lowest displayed price in the 30 days before the reduction began; successive cuts keep the first reference."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.models import PriceChange
from catalog.pricing.reference import Shown, current_reductions, find_reduction

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

# Each history: (day, price, former price or 0[, currency]); None = off sale. Expected: (day it began, reference).
CASES = {
    "nothing ever displayed": ([], None),
    "never reduced": ([(0, 10, 0)], None),
    "a former price that equals the price is no reduction": ([(0, 10, 10)], None),
    "a former price below the price is no reduction": ([(0, 10, 8)], None),
    "a silent cut announces nothing": ([(0, 10, 0), (40, 8, 0)], None),
    "a plain reduction": ([(0, 10, 0), (40, 8, 10)], (40, 10)),
    "a reduction to nothing": ([(0, 10, 0), (40, 0, 10)], (40, 10)),
    "reduced after exactly 30 days": ([(0, 10, 0), (30, 8, 10)], (30, 10)),
    "a new product, 3 days on sale": ([(0, 10, 0), (3, 8, 10)], (3, 10)),
    "a new product that begins reduced": ([(0, 8, 10)], (0, None)),
    "an inflated former price does not count": ([(0, 10, 0), (40, 8, 20)], (40, 10)),
    "raised the day before, then cut": ([(0, 10, 0), (39, 15, 0), (40, 12, 15)], (40, 10)),
    "raised 29 days before, then cut": ([(0, 10, 0), (11, 15, 0), (40, 12, 15)], (40, 10)),
    "raised exactly 30 days before": ([(0, 10, 0), (10, 15, 0), (40, 12, 15)], (40, 15)),
    "raised 31 days before, then cut": ([(0, 10, 0), (9, 15, 0), (40, 12, 15)], (40, 15)),
    "a dip of a day inside the 30 days": ([(0, 10, 0), (20, 6, 0), (21, 10, 0), (40, 8, 10)], (40, 6)),
    "a dip that ended 30 days before": ([(0, 10, 0), (9, 6, 0), (10, 10, 0), (40, 8, 10)], (40, 10)),
    "a dip that ended 29 days before": ([(0, 10, 0), (9, 6, 0), (11, 10, 0), (40, 8, 10)], (40, 6)),
    "second cut keeps the first reference": ([(0, 10, 0), (40, 8, 10), (45, 6, 10)], (40, 10)),
    "third cut keeps the first reference": ([(0, 10, 0), (40, 8, 10), (45, 6, 10), (50, 5, 10)], (40, 10)),
    "cuts over more than 30 days keep it too": ([(0, 10, 0), (40, 8, 10), (60, 7, 10), (90, 6, 10)], (40, 10)),
    "same price, other former price, goes on": ([(0, 10, 0), (40, 8, 10), (45, 8, 12)], (40, 10)),
    "the reduction ended": ([(0, 10, 0), (40, 8, 10), (45, 10, 0)], None),
    "reduced again soon: the first cut is the lowest": (
        [(0, 10, 0), (40, 8, 10), (45, 10, 0), (50, 9, 10)],
        (50, 8),
    ),
    "reduced again after 31 days": ([(0, 10, 0), (40, 8, 10), (45, 10, 0), (76, 9, 10)], (76, 10)),
    "reduced again after exactly 30 days": ([(0, 10, 0), (40, 8, 10), (45, 10, 0), (75, 9, 10)], (75, 10)),
    "risen inside a reduction begins a new one": ([(0, 10, 0), (40, 7, 10), (45, 8, 10)], (45, 7)),
    "cut after such a rise": ([(0, 10, 0), (40, 7, 10), (45, 8, 10), (50, 6, 10)], (45, 7)),
    "announced later than cut": ([(0, 10, 0), (40, 8, 0), (45, 8, 10)], (45, 8)),
    "announced 31 days after the cut": ([(0, 10, 0), (40, 8, 0), (71, 8, 10)], (71, 8)),
    "off sale, then back reduced": ([(0, 10, 0), (40, None, 0), (45, 8, 10)], (45, 10)),
    "off sale for 30 days, then back reduced": ([(0, 10, 0), (10, None, 0), (40, 8, 10)], (40, None)),
    "off sale for 29 days, then back reduced": ([(0, 10, 0), (11, None, 0), (40, 8, 10)], (40, 10)),
    "off sale during a reduction begins a new one": ([(0, 10, 0), (40, 8, 10), (42, None, 0), (44, 8, 10)], (44, 8)),
    "off sale now": ([(0, 10, 0), (40, 8, 10), (42, None, 10)], None),
    "another currency has its own history": ([(0, 10, 0), (40, 8, 12, "USD")], (40, None)),
    "back in the first currency": ([(0, 10, 0), (40, 3, 0, "USD"), (41, 8, 10)], (41, 10)),
    "a currency change ends a reduction": ([(0, 10, 0), (40, 8, 10), (41, 7, 10, "USD")], (41, None)),
    "two changes at one instant: the first was never seen": ([(0, 10, 0), (20, 1, 0), (20, 10, 0), (40, 8, 10)], (40, 10)),
    "cut, ended and cut at one instant": ([(0, 10, 0), (40, 9, 0), (40, 8, 10)], (40, 10)),
    "cents count": ([(0, "9.99", 0), (35, "10.01", 0), (40, "9.98", "10.01")], (40, "9.99")),
}  # fmt: skip


def _read(rows: list[tuple]) -> list[Shown]:
    return [
        Shown(
            since=EPOCH + timedelta(days=day),
            price=None if price is None else Decimal(price),
            compare_at=Decimal(former) or None,
            currency=currency[0] if currency else "EUR",
        )
        for day, price, former, *currency in rows
    ]


@pytest.mark.feature("PR05")
@pytest.mark.parametrize("name", CASES)
def test_the_reference_is_the_lowest_price_before_the_reduction(name: str) -> None:
    rows, expected = CASES[name]
    reduction = find_reduction(_read(rows))
    if expected is None:
        assert reduction is None
    else:
        assert reduction is not None
        day, reference = expected
        assert reduction.began_at == EPOCH + timedelta(days=day)
        assert reduction.reference == (None if reference is None else Decimal(reference))


@pytest.mark.feature("PR05")
def test_many_products_are_answered_by_one_query(
    make_product: Callable[..., Product], django_assert_num_queries: Callable
) -> None:
    records = [StockRecord.objects.get(product=make_product(f"Mug {number}")) for number in range(3)]
    for record, (days, price, former) in [(r, row) for r in records[:2] for row in ((40, 10, None), (2, 8, 10))]:
        PriceChange.objects.create(
            stock_record=record,
            sku=record.partner_sku,
            price=price,
            compare_at_price=former,
            currency="EUR",
            effective_at=datetime.now(UTC) - timedelta(days=days),
            actor_name="Ada",
            reason="",
        )
    with django_assert_num_queries(1):
        reductions = current_reductions([record.pk for record in records])
    assert {pk: reduction.reference for pk, reduction in reductions.items()} == {
        records[0].pk: Decimal(10),
        records[1].pk: Decimal(10),
    }
