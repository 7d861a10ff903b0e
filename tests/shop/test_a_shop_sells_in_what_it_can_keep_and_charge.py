"""A currency is offered when every amount of it can be kept in the database and charged on a card, to its minor unit."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import DecimalField

from shop.money import SOLD_IN, minor_unit, read_currency

PRECISE = 12
"""Columns with as many digits hold money; percentages, ratings and weights have fewer."""


def money_fields(label: str) -> list[DecimalField]:
    fields = [field for model in apps.get_app_config(label).get_models() for field in model._meta.fields]
    return [field for field in fields if isinstance(field, DecimalField) and field.max_digits >= PRECISE]


@pytest.mark.feature("PR01")
@pytest.mark.parametrize("currency", SOLD_IN)
def test_every_column_of_money_holds_the_minor_unit(currency: str) -> None:
    assert read_currency(currency) == currency
    fields = [
        field for label in ("order", "partner", "offer", "checkout", "shipping_rates") for field in money_fields(label)
    ]
    assert len(fields) > 30
    for field in fields:
        assert Decimal(1).scaleb(-field.decimal_places) <= minor_unit(currency), field


@pytest.mark.feature("PR01")
@pytest.mark.django_db
def test_three_decimals_would_be_rounded_without_a_word_and_are_refused_in_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT numeric_scale FROM information_schema.columns"
            " WHERE table_name = 'order_order' AND column_name = 'total_incl_tax'"
        )
        (scale,) = cursor.fetchone()
        cursor.execute("SELECT %s::numeric(12, 2)", [Decimal("1.234")])
        assert cursor.fetchone() == (Decimal("1.23"),)
    assert Decimal(1).scaleb(-scale) > minor_unit("KWD")
    with pytest.raises(ValueError, match=r"three decimals.*allowed values: EUR"):
        read_currency("KWD")


@pytest.mark.parametrize("typed", ["XYZ", "eur", "", "€", "EURO"])
def test_what_is_no_currency_of_ours_is_named(typed: str) -> None:
    with pytest.raises(ValueError, match=f"^is '{typed}'; allowed values: EUR"):
        read_currency(typed)
