"""The text fields of a product that can be personalised, as its page shows them."""

from dataclasses import dataclass

from django.conf import settings

from catalog.personal.fields import PREFIX, fields_of
from catalog.pricing.showing import current_showing
from shop.money import format_money


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    name: str
    label: str
    help: str
    maximum: int
    is_required: bool


def show_texts(product_id: int, *, tax_class: str) -> list[ShownText]:
    """One query. The surcharge of a text is taxed as the thing that it is written on."""
    shown, showing = [], current_showing()
    for field in fields_of(product_id):
        surcharge = showing.show(field.surcharge, tax_class=tax_class, currency=settings.SHOP_CURRENCY)
        cost = f" (+ {format_money(surcharge, settings.SHOP_CURRENCY)} each)" if surcharge else ""
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
