"""A currency is offered when every amount of it can be kept in the database and charged on a card exactly."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import DecimalField

from shop.money import SOLD_IN, from_minor, minor_unit, read_currency, smallest_amount, to_minor

PRECISE = 12
"""Columns with as many digits hold money; percentages, ratings and weights have fewer."""
pytestmark = pytest.mark.feature("PR01")


def money_fields(label: str) -> list[DecimalField]:
    fields = [field for model in apps.get_app_config(label).get_models() for field in model._meta.fields]
    return [field for field in fields if isinstance(field, DecimalField) and field.max_digits >= PRECISE]


@pytest.mark.parametrize("currency", SOLD_IN)
def test_every_column_of_money_holds_the_step_of_its_prices(currency: str) -> None:
    assert read_currency(currency) == currency
    fields = [
        field for label in ("order", "partner", "offer", "checkout", "shipping_rates") for field in money_fields(label)
    ]
    assert len(fields) > 30
    for field in fields:
        assert Decimal(1).scaleb(-field.decimal_places) <= smallest_amount(currency), field


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("checkout_paymentattempt", "fee"),
        ("checkout_payout", "amount"),
        ("checkout_payoutitem", "amount"),
        ("checkout_payoutitem", "fee"),
        ("checkout_payoutitem", "net"),
        ("checkout_statemententry", "amount"),
        ("checkout_transferout", "amount"),
    ],
)
def test_what_banks_and_providers_write_is_kept_to_the_minor_unit(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT numeric_scale FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        (scale,) = cursor.fetchone()
    assert all(Decimal(1).scaleb(-scale) <= minor_unit(currency) for currency in SOLD_IN)


@pytest.mark.parametrize("currency", SOLD_IN)
def test_every_step_is_what_cards_are_charged_in(currency: str) -> None:
    """Three decimals: the last digit is 0 (docs.stripe.com/currencies, three-decimal currencies)."""
    for steps in (1, 7, 12_345):
        amount = steps * smallest_amount(currency)
        units = to_minor(amount, currency)
        assert from_minor(units, currency) == amount
        assert minor_unit(currency) != Decimal("0.001") or units % 10 == 0
    with pytest.raises(ValueError, match="is not a whole number of"):
        to_minor(smallest_amount(currency) / 2, currency)


@pytest.mark.parametrize("typed", ["XYZ", "eur", "", "€", "EURO"])
def test_what_is_no_currency_of_ours_is_named(typed: str) -> None:
    with pytest.raises(ValueError, match=f"^is '{typed}'; allowed values: EUR"):
        read_currency(typed)
