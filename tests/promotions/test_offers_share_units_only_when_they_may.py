from decimal import Decimal

import pytest

from promotions.rules import ABSOLUTE, COUNT, FIXED_PRICE, MULTIBUY, PERCENTAGE, SHIPPING_PERCENTAGE, VALUE
from tests.promotions.baskets import LAMPS, TEXTILES, discount, line, offer

pytestmark = pytest.mark.feature("PO02")


def test_of_two_exclusive_offers_the_one_with_the_higher_priority_has_the_units() -> None:
    high = offer(name="High", priority=10, benefit=(PERCENTAGE, "10"))
    low = offer(name="Low", priority=1, benefit=(PERCENTAGE, "50"))
    given = discount([line("a", "100.00")], low, high)
    assert [one.name for one in given.applied] == ["High"]
    assert given.refused[0].reason == (
        "“Low” cannot be combined with “High”, which already applies to the same products."
    )


def test_units_that_an_exclusive_offer_left_are_open_to_the_next_one() -> None:
    bundle = offer(name="Two for 30", priority=10, condition=(COUNT, "2"), benefit=(FIXED_PRICE, "30"))
    tenth = offer(name="Tenth", benefit=(PERCENTAGE, "10"))
    given = discount([line("a", "20.00", 3)], bundle, tenth)
    assert {one.name: one.amount for one in given.applied} == {"Two for 30": Decimal("10.00"), "Tenth": Decimal("2.00")}


def test_at_equal_priority_the_voucher_goes_before_the_site_offer() -> None:
    of_site = offer(name="Site", benefit=(PERCENTAGE, "10"))
    voucher = offer(name="Voucher", benefit=(PERCENTAGE, "10"), voucher_code="WELCOME10", voucher_id=1)
    given = discount([line("a", "100.00")], of_site, voucher)
    assert [one.voucher_code for one in given.applied] == ["WELCOME10"]


def test_joined_offers_work_on_the_reduced_price_so_forty_and_seventy_never_make_goods_free() -> None:
    sale = offer(priority=10, exclusive=False, benefit=(PERCENTAGE, "40"))
    voucher = offer(exclusive=False, benefit=(PERCENTAGE, "70"), voucher_code="MINUS70", voucher_id=1)
    given = discount([line("a", "100.00")], sale, voucher)
    assert [one.amount for one in given.applied] == [Decimal("40.00"), Decimal("42.00")]
    assert given.line_discounts["a"] == Decimal("82.00")


def test_an_exclusive_offer_does_not_join_units_that_a_stackable_one_has_used() -> None:
    stackable = offer(priority=10, exclusive=False, of=TEXTILES)
    exclusive = offer(name="Alone", benefit=(PERCENTAGE, "20"))
    given = discount([line("throw", "10.00"), line("lamp", "10.00", category=20)], stackable, exclusive)
    assert given.line_discounts == {"throw": Decimal("1.00"), "lamp": Decimal("2.00")}


def test_named_combinations_shut_out_the_offers_that_are_not_named() -> None:
    first = offer(id=501, priority=10, exclusive=False, combinations=frozenset({502}))
    friend = offer(id=502, priority=5, exclusive=False)
    stranger = offer(id=503, name="Stranger", exclusive=False)
    given = discount([line("a", "100.00")], first, friend, stranger)
    assert [one.offer_id for one in given.applied] == [501, 502]
    assert "cannot be combined" in given.refused[0].reason


def test_an_offer_is_not_applied_twice_to_the_same_unit_by_two_codes() -> None:
    codes = [offer(id=77, exclusive=False, voucher_code=code, voucher_id=1) for code in ("AAA", "BBB")]
    given = discount([line("a", "100.00")], *codes)
    assert given.total == Decimal("10.00")


def test_the_units_that_earned_a_free_product_are_used_up() -> None:
    three_for_two = offer(priority=10, condition=(COUNT, "3"), benefit=(MULTIBUY, "0"))
    tenth = offer(benefit=(PERCENTAGE, "10"))
    given = discount([line("a", "10.00", 4)], three_for_two, tenth)
    assert [one.amount for one in given.applied] == [Decimal("10.00"), Decimal("1.00")]


def test_free_delivery_uses_the_goods_that_earned_it_the_dearest_first() -> None:
    delivery = offer(priority=10, condition=(VALUE, "50"), benefit=(SHIPPING_PERCENTAGE, "100"))
    tenth = offer(benefit=(PERCENTAGE, "10"))
    given = discount([line("a", "60.00"), line("b", "20.00")], delivery, tenth)
    assert len(given.shipping) == 1
    assert given.line_discounts == {"a": 0, "b": Decimal("2.00")}


def test_an_offer_repeats_up_to_its_applications_per_basket() -> None:
    bundle = offer(condition=(COUNT, "2"), benefit=(FIXED_PRICE, "15"), max_applications=2)
    given = discount([line("a", "10.00", 10)], bundle)
    assert given.applied[0].applications == 2
    assert given.total == Decimal("10.00")


def test_an_offer_gives_no_more_than_what_is_left_of_its_budget() -> None:
    given = discount([line("a", "100.00"), line("b", "50.00")], offer(max_discount=Decimal("7.33")))
    assert given.total == Decimal("7.33")
    assert given.line_discounts == {"a": Decimal("4.89"), "b": Decimal("2.44")}


def test_an_amount_off_one_range_leaves_the_other_range_to_other_offers() -> None:
    given = discount(
        [line("throw", "40.00"), line("lamp", "60.00", category=20)],
        offer(of=TEXTILES, benefit=(ABSOLUTE, "5")),
        offer(of=LAMPS, benefit=(ABSOLUTE, "6")),
    )
    assert given.line_discounts == {"throw": Decimal("5.00"), "lamp": Decimal("6.00")}
