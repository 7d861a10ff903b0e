"""A field for amounts: zeros beyond the decimals that are kept say nothing, as in 1.250 KWD."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models


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


def form_class_for(db_field: models.Field) -> dict[str, type[forms.Field]]:
    """What an admin class adds to the arguments of a column's field."""
    return {"form_class": AmountField} if isinstance(db_field, models.DecimalField) else {}
