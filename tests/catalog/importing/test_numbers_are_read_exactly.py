"""Decimal commas, thousands and what cannot be told apart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.numbers import UnreadableNumber, detect_decimal_mark, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("12.50", "12.50"),
        ("12,50", "12.50"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("0,125", "0.125"),
        (".5", "0.5"),
        ("-3", "-3"),
        ("0.1", "0.1"),
    ],
)
@pytest.mark.feature("IE01")
def test_a_number_that_can_mean_one_thing_only_is_read(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


def test_what_can_mean_two_things_is_decided_by_the_other_numbers_of_the_column() -> None:
    assert detect_decimal_mark(["5", "1.234,56", "7,5"]) == ","
    assert detect_decimal_mark(["5", "1,234", "7.5"]) == "."
    assert detect_decimal_mark(["5", "1.234"]) is None
    assert detect_decimal_mark(["1,5", "1.5"]) is None
    assert parse_number("1.234", mark=",") == 1234
    assert parse_number("1.234", mark=".") == Decimal("1.234")
    assert parse_number("1,234", mark=".") == 1234
    with pytest.raises(UnreadableNumber, match=r"can mean 1234 or 1\.234"):
        parse_number("1,234")


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "1,23,456.0", "12 €", "NaN", "Infinity", "1e5", "--1", "1" * 40, "٣"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber):
        parse_number(text)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_the_german_and_the_english_form_of_a_price_read_the_same(price: Decimal) -> None:
    english = f"{price:,.2f}"
    german = english.translate(str.maketrans(".,", ",."))
    assert parse_number(english) == parse_number(german) == price
