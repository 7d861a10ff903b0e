from decimal import Decimal

import pytest

from promotions.delivery import discount_delivery
from promotions.rules import (
    SHIPPING_ABSOLUTE,
    SHIPPING_FIXED_PRICE,
    SHIPPING_PERCENTAGE,
    VALUE,
    Offer,
    ShippingOffer,
)
from tests.promotions.baskets import discount, line, offer

pytestmark = pytest.mark.feature("PO01")


def earned(*offers: Offer) -> tuple[ShippingOffer, ...]:
    return discount([line("a", "100.00")], *offers).shipping


@pytest.mark.parametrize(
    ("kind", "value", "off"),
    [
        (SHIPPING_PERCENTAGE, "100", "4.90"),
        (SHIPPING_PERCENTAGE, "33", "1.62"),
        (SHIPPING_ABSOLUTE, "2", "2.00"),
        (SHIPPING_ABSOLUTE, "9", "4.90"),
        (SHIPPING_FIXED_PRICE, "1", "3.90"),
        (SHIPPING_FIXED_PRICE, "9", "0"),
    ],
)
def test_each_kind_takes_off_what_it_says(kind: str, value: str, off: str) -> None:
    given = discount_delivery(earned(offer(benefit=(kind, value))), charge=Decimal("4.90"), currency="EUR")
    assert sum(one.amount for one in given) == Decimal(off)


def test_an_offer_that_the_basket_has_not_earned_is_not_there() -> None:
    assert earned(offer(condition=(VALUE, "500"), benefit=(SHIPPING_PERCENTAGE, "100"))) == ()


def test_offers_that_may_not_stack_stay_alone_and_others_never_go_below_nothing() -> None:
    first = offer(priority=9, exclusive=False, benefit=(SHIPPING_ABSOLUTE, "3"))
    second = offer(priority=5, exclusive=False, benefit=(SHIPPING_ABSOLUTE, "3"))
    alone = offer(priority=7, condition=(VALUE, "1"), benefit=(SHIPPING_ABSOLUTE, "1"))
    both = discount_delivery(earned(first, second), charge=Decimal("4.90"), currency="EUR")
    assert [one.amount for one in both] == [Decimal("3"), Decimal("1.90")]
    offers = tuple(one for some in (first, alone, second) for one in earned(some))
    given = discount_delivery(offers, charge=Decimal("4.90"), currency="EUR")
    assert [one.offer_id for one in given] == [first.id, second.id]
    given = discount_delivery(offers[1:], charge=Decimal("4.90"), currency="EUR")
    assert [one.offer_id for one in given] == [alone.id]


def test_the_budget_of_an_offer_bounds_it() -> None:
    limited = earned(offer(benefit=(SHIPPING_PERCENTAGE, "100"), max_discount=Decimal("2.50")))
    assert discount_delivery(limited, charge=Decimal("4.90"), currency="EUR")[0].amount == Decimal("2.50")
