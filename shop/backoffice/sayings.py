"""Form base that says a broken rule of the database in words instead of the rule's name."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

SAYINGS = {
    "checkout_one_tax_rate_at_a_time": (
        "Another rate of this country and class is in force in these days. End that one first, or begin this one later."
    ),
    "checkout_tax_rate_is_a_fraction": "A rate is a fraction: write 0.19 for 19 %.",
    "shipping_days_in_order": "The least days in transit are more than the most days.",
    "shipping_price_not_negative": "A price of delivery is 0 or more.",
    "shipping_band_once": "There is a band with this weight and total already; change that one.",
    "catalog_digital_some": "At least one download, for at least one hour.",
    "content_block_tint": "The tint is a number from 1 to 12, or 0 for none.",
    "content_block_link": "The link begins with / for a page of this shop, or with https:// .",
    "content_menu_link": "The link begins with / for a page of this shop, or with https:// .",
    "content_menu_levels": "A menu has three levels: 1, 2 and 3.",
}


class SayingForm(forms.ModelForm):
    def _update_errors(self, errors: ValidationError) -> None:
        """Django brings every complaint of the model through here."""
        super()._update_errors(_say(errors))  # type: ignore[misc]


def _say(problem: ValidationError) -> ValidationError:
    if not hasattr(problem, "error_dict"):
        return ValidationError([_word(one) for one in problem.error_list])
    return ValidationError({field: [_word(one) for one in errors] for field, errors in problem.error_dict.items()})


def _word(problem: ValidationError) -> Any:
    text = " ".join(problem.messages)
    return next((saying for name, saying in SAYINGS.items() if name in text), problem)
