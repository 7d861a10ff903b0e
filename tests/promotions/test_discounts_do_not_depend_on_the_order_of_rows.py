from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promotions.apply import apply_offers
from promotions.rules import (
    ABSOLUTE,
    COUNT,
    COVERAGE,
    FIXED_PRICE,
    FIXED_UNIT,
    MULTIBUY,
    PERCENTAGE,
    SHIPPING_PERCENTAGE,
    VALUE,
    Benefit,
    Condition,
    Offer,
    PricedLine,
)
from shop.money import smallest_amount
from tests.promotions.baskets import EVERYTHING, LAMPS, TEXTILES

pytestmark = pytest.mark.feature("PO02")

RANGES = st.sampled_from([EVERYTHING, TEXTILES, LAMPS])
CONDITIONS = st.one_of(
    st.tuples(st.sampled_from([COUNT, COVERAGE]), st.integers(1, 4).map(Decimal)),
    st.tuples(st.just(VALUE), st.integers(1, 9000).map(lambda units: Decimal(units) / 100)),
)
BENEFITS = st.one_of(
    st.tuples(st.just(PERCENTAGE), st.integers(1, 100).map(Decimal)),
    st.tuples(
        st.sampled_from([ABSOLUTE, FIXED_UNIT, FIXED_PRICE]),
        st.integers(1, 6000).map(lambda units: Decimal(units) / 100),
    ),
    st.tuples(st.just(MULTIBUY), st.just(Decimal(0))),
    st.tuples(st.just(SHIPPING_PERCENTAGE), st.just(Decimal(100))),
)


@st.composite
def lines_and_offers(draw: st.DrawFn) -> tuple[list[PricedLine], list[Offer], str]:
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    unit = smallest_amount(currency)
    lines = [
        PricedLine(
            key=f"line {index}",
            product_id=index // 2,
            stock_record_id=index,
            unit_price=draw(st.integers(0, 12_000)) * unit,
            quantity=draw(st.integers(1, 6)),
            category_ids=frozenset({draw(st.sampled_from([10, 20]))}),
        )
        for index in range(draw(st.integers(1, 7)))
    ]
    offers = []
    for index in range(draw(st.integers(1, 5))):
        (condition_kind, needed), (benefit_kind, value) = draw(CONDITIONS), draw(BENEFITS)
        offers.append(
            Offer(
                id=index,
                name=f"Offer {index}",
                condition=Condition(kind=condition_kind, value=needed, range=draw(RANGES)),
                benefit=Benefit(
                    kind=benefit_kind,
                    value=value,
                    range=draw(RANGES),
                    max_affected_items=draw(st.none() | st.integers(1, 5)),
                ),
                priority=draw(st.integers(0, 2)),
                exclusive=draw(st.booleans()),
                combinations=frozenset(draw(st.sets(st.integers(0, 4), max_size=2))),
                voucher_code=draw(st.sampled_from(["", "CODE"])),
                max_applications=draw(st.integers(0, 4) | st.just(10_000)),
                max_discount=draw(st.none() | st.integers(0, 4000).map(lambda units: Decimal(units) / 100)),
            )
        )
    return lines, offers, currency


@settings(max_examples=300, deadline=None)
@given(drawn=lines_and_offers(), order=st.randoms())
def test_every_basket_gets_the_same_cents_in_any_order_and_no_line_below_zero(
    drawn: tuple[list[PricedLine], list[Offer], str], order: object
) -> None:
    lines, offers, currency = drawn
    result = apply_offers(lines, offers, currency)

    shuffled_lines, shuffled_offers = list(lines), list(offers)
    order.shuffle(shuffled_lines)
    order.shuffle(shuffled_offers)
    assert apply_offers(shuffled_lines, shuffled_offers, currency) == result

    for line in lines:
        assert 0 <= result.line_discounts[line.key] <= line.unit_price * line.quantity
        assert result.line_discounts[line.key] % smallest_amount(currency) == 0
    for one in result.applied:
        assert sum(one.per_line.values()) == one.amount > 0
    assert sum(result.line_discounts.values()) == result.total
    assert len(result.applied) + len(result.refused) + len(result.shipping) == len(offers)
    assert all(one.reason.endswith(".") for one in result.refused)
