"""The text fields of a product that can be personalised, as its page shows them."""

from dataclasses import dataclass

from django.conf import settings

from catalog.personal.fields import PREFIX, fields_of
from shop.money import format_money


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    name: str
    label: str
    help: str
    maximum: int
    is_required: bool


def show_texts(product_id: int) -> list[ShownText]:
    """One query."""
    shown = []
    for field in fields_of(product_id):
        cost = f" (+ {format_money(field.surcharge, settings.SHOP_CURRENCY)} each)" if field.surcharge else ""
        also = f" and {' '.join(field.extra_characters)}" if field.extra_characters else ""
        rule = f"At most {field.max_length} characters: letters, figures, spaces{also}."
        if field.is_required:
            rule += " Needed."
        shown.append(
            ShownText(
                name=f"{PREFIX}{field.code}",
                label=f"{field.name}{cost}",
                help=f"{field.help_text} {rule}".strip(),
                maximum=field.max_length,
                is_required=field.is_required,
            )
        )
    return shown
