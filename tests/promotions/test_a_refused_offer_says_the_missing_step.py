from decimal import Decimal

import pytest

from promotions.rules import COUNT, COVERAGE, PERCENTAGE, SHIPPING_PERCENTAGE, VALUE, Offer, PricedLine, ProductRange
from tests.promotions.baskets import EVERYTHING, LAMPS, TEXTILES, discount, line, offer

pytestmark = pytest.mark.feature("PO04")

CLEARANCE = ProductRange(id=9, name="Textiles", category_ids=frozenset({10}), excluded_product_ids=frozenset({900}))


def code(**said: object) -> Offer:
    return offer(voucher_code="WELCOME10", voucher_id=1, **said)


@pytest.mark.parametrize(
    ("lines", "refused", "sentence"),
    [
        (
            [line("a", "37.60")],
            code(of=TEXTILES, condition=(VALUE, "50")),
            "Add 12.40 EUR more of Textiles to use WELCOME10.",
        ),
        ([line("a", "37.60")], code(condition=(VALUE, "50")), "Add 12.40 EUR more to use WELCOME10."),
        (
            [line("lamp", "99.00", category=20)],
            code(of=TEXTILES, condition=(VALUE, "50")),
            "Add 50.00 EUR of Textiles to use WELCOME10.",
        ),
        (
            [line("a", "9.00", 2)],
            code(of=TEXTILES, condition=(COUNT, "3")),
            "Add 1 more product of Textiles to use WELCOME10.",
        ),
        ([line("a", "9.00")], code(condition=(COUNT, "3")), "Add 2 more products to use WELCOME10."),
        (
            [line("a", "9.00", 5)],
            code(of=TEXTILES, condition=(COVERAGE, "3")),
            "Add 2 more different products of Textiles to use WELCOME10.",
        ),
        (
            [line("a", "60.00")],
            code(of=EVERYTHING, on=LAMPS, benefit=(PERCENTAGE, "10")),
            "WELCOME10 is for Lamps: add one of these to use it.",
        ),
        (
            [line("a", "60.00", product_id=900)],
            code(of=CLEARANCE, condition=(VALUE, "50")),
            "The products in your basket are excluded from WELCOME10. Add 50.00 EUR of Textiles to use WELCOME10.",
        ),
        (
            [line("a", "60.00", product_id=900), line("lamp", "60.00", category=20)],
            code(of=EVERYTHING, on=CLEARANCE),
            "The products in your basket are excluded from WELCOME10.",
        ),
        ([line("a", "60.00")], code(max_applications=0), "WELCOME10 has been used up."),
        ([line("a", "60.00")], code(max_discount=Decimal(0)), "WELCOME10 has been used up."),
        (
            [line("a", "20.00")],
            code(condition=(VALUE, "50"), benefit=(SHIPPING_PERCENTAGE, "100")),
            "Add 30.00 EUR more to use WELCOME10.",
        ),
    ],
)
def test_the_sentence_names_what_to_do(lines: list[PricedLine], refused: Offer, sentence: str) -> None:
    given = discount(lines, refused)
    assert given.applied == ()
    assert given.shipping == ()
    assert [one.reason for one in given.refused] == [sentence]


def test_a_code_that_may_not_join_names_the_offer_in_its_way() -> None:
    given = discount([line("a", "100.00")], offer(name="Winter sale", priority=5), code())
    assert given.refused[0].reason == (
        "WELCOME10 cannot be combined with “Winter sale”, which already applies to the same products."
    )
