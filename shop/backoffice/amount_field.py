"""Fields for amounts: zeros beyond the decimals that are kept say nothing, as in 1.250 KWD; money goes in steps."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from shop.money import name_step, smallest_amount

PRECISE = 12
"""Columns with as many digits and two decimals hold money; percentages, ratings and weights have others."""


class AmountField(forms.DecimalField):
    """Reads 1.250 as 1.25 where two decimals are kept; 1.255 is refused as ever."""

    def to_python(self, value: Any) -> Any:
        amount = super().to_python(value)
        if amount is None or self.decimal_places is None:
            return amount
        sign, digits, exponent = amount.as_tuple()
        if not isinstance(exponent, int) or exponent >= -self.decimal_places:
            return amount
        kept = len(digits) + exponent + self.decimal_places
        beyond = digits[max(kept, 0) :]
        return amount if any(beyond) else Decimal((sign, digits[: max(kept, 0)], -self.decimal_places))


class MoneyField(AmountField):
    """In the shop's currency. Refuses what lies between two of its steps: half a yen, five fils."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None:
            check_step(value)


def check_step(amount: Decimal) -> None:
    """Raises ValidationError for an amount that nobody could pay in the shop's currency."""
    if amount.is_finite() and abs(amount) < 10**PRECISE and amount % smallest_amount(settings.SHOP_CURRENCY):
        raise ValidationError(f"{amount} cannot be paid: {name_step(settings.SHOP_CURRENCY)}.", code="step")


def form_class_for(db_field: models.Field) -> dict[str, type[forms.Field]]:
    """What an admin class adds to the arguments of a column's field."""
    if not isinstance(db_field, models.DecimalField):
        return {}
    is_money = (db_field.max_digits, db_field.decimal_places) == (PRECISE, 2)
    return {"form_class": MoneyField if is_money else AmountField}
