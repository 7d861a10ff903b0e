from decimal import Decimal

import pytest

from promotions.rules import (
    ABSOLUTE,
    COUNT,
    COVERAGE,
    FIXED_PRICE,
    FIXED_UNIT,
    MULTIBUY,
    PERCENTAGE,
    VALUE,
)
from tests.promotions.baskets import LAMPS, TEXTILES, discount, line, offer

pytestmark = pytest.mark.feature("PO01")


def test_a_percentage_is_taken_off_every_unit_in_the_range() -> None:
    lines = [line("throw", "40.00", 2), line("lamp", "99.00", category=20)]
    given = discount(lines, offer(of=TEXTILES, benefit=(PERCENTAGE, "15")))
    assert given.line_discounts == {"throw": Decimal("12.00"), "lamp": 0}


def test_a_percentage_is_rounded_once_for_the_offer_and_its_parts_sum_to_it() -> None:
    lines = [line(name, "0.05") for name in ("a", "b", "c")]
    given = discount(lines, offer(benefit=(PERCENTAGE, "10")))
    assert given.applied[0].amount == Decimal("0.02")
    assert sum(given.line_discounts.values()) == Decimal("0.02")


def test_a_percentage_stops_at_the_units_it_may_affect_cheapest_first() -> None:
    lines = [line("cheap", "10.00", 2), line("dear", "50.00", 2)]
    given = discount(lines, offer(benefit=(PERCENTAGE, "50"), max_affected_items=3))
    assert given.line_discounts == {"cheap": Decimal("10.00"), "dear": Decimal("25.00")}


def test_an_amount_is_shared_in_proportion_to_the_lines() -> None:
    lines = [line("a", "30.00"), line("b", "10.00", 2)]
    given = discount(lines, offer(condition=(VALUE, "50"), benefit=(ABSOLUTE, "10")))
    assert given.line_discounts == {"a": Decimal("6.00"), "b": Decimal("4.00")}


def test_an_amount_larger_than_the_goods_makes_them_free_and_no_cheaper() -> None:
    given = discount([line("a", "7.50")], offer(benefit=(ABSOLUTE, "10")))
    assert given.total == Decimal("7.50")


def test_an_amount_per_unit_is_taken_off_each_unit_but_never_more_than_its_price() -> None:
    lines = [line("a", "3.00", 2), line("b", "20.00", 3)]
    given = discount(lines, offer(benefit=(FIXED_UNIT, "5")))
    assert given.line_discounts == {"a": Decimal("6.00"), "b": Decimal("15.00")}


def test_of_every_three_the_cheapest_is_free() -> None:
    lines = [line("a", "10.00", 4), line("b", "30.00", 2)]
    given = discount(lines, offer(condition=(COUNT, "3"), benefit=(MULTIBUY, "0")))
    assert given.applied[0].applications == 2
    assert given.line_discounts == {"a": Decimal("20.00"), "b": 0}


def test_buying_two_lamps_makes_the_cheapest_textile_free_once_per_pair() -> None:
    lines = [line("lamp", "80.00", 3, category=20), line("napkin", "4.00", 5)]
    given = discount(lines, offer(of=LAMPS, on=TEXTILES, condition=(COUNT, "2"), benefit=(MULTIBUY, "0")))
    assert given.total == Decimal("4.00")


def test_any_three_for_a_fixed_price_takes_the_cheapest_three_as_often_as_there_are_three() -> None:
    lines = [line("a", "10.00", 4), line("b", "12.00", 2), line("c", "50.00")]
    given = discount(lines, offer(condition=(COUNT, "3"), benefit=(FIXED_PRICE, "20")))
    assert given.applied[0].applications == 2
    # 10 + 10 + 10 for 20, then 10 + 12 + 12 for 20; the seventh unit has no bundle.
    assert given.total == Decimal("24.00")
    assert given.line_discounts["c"] == 0


def test_a_bundle_of_different_products_takes_one_of_each() -> None:
    lines = [line("a", "10.00", 5), line("b", "12.00"), line("c", "14.00")]
    given = discount(lines, offer(condition=(COVERAGE, "3"), benefit=(FIXED_PRICE, "30")))
    assert given.total == Decimal("6.00")
    assert sum(given.line_discounts.values()) == given.total


def test_a_bundle_that_costs_less_without_the_offer_is_left_alone() -> None:
    given = discount([line("a", "5.00", 3)], offer(condition=(COUNT, "3"), benefit=(FIXED_PRICE, "20")))
    assert given.applied == ()
    assert "already cost no more" in given.refused[0].reason


def test_distinct_products_count_once_however_many_units() -> None:
    needed = offer(condition=(COVERAGE, "2"), benefit=(PERCENTAGE, "10"))
    assert discount([line("a", "10.00", 9)], needed).applied == ()
    assert discount([line("a", "10.00"), line("b", "10.00")], needed).total == Decimal("2.00")


def test_products_that_are_not_discountable_neither_count_nor_get_cheaper() -> None:
    lines = [line("book", "30.00", is_discountable=False), line("throw", "30.00")]
    given = discount(lines, offer(condition=(VALUE, "50"), benefit=(PERCENTAGE, "10")))
    assert given.applied == ()


@pytest.mark.parametrize(
    "broken",
    [
        offer(benefit=("Loyalty points", "10")),
        offer(condition=("Moon phase", "1")),
        offer(condition=(VALUE, "10"), benefit=(FIXED_PRICE, "5")),
        offer(condition=(COUNT, "0")),
    ],
)
def test_a_rule_that_is_not_understood_gives_nothing_and_says_so(broken: object) -> None:
    given = discount([line("a", "100.00", 3)], broken)
    assert given.total == 0
    assert given.refused[0].reason.endswith("cannot be used at the moment.")
