"""Which texts a product asks for, and a shopper's texts checked against them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from catalog.personal.records import BannedWord
from catalog.personal.wording import TextField, TextRefused, check_text

PREFIX = "text_"
"""Form fields are called `text_<code>`."""

_FIELDS = """
SELECT DISTINCT option.id, option.code, option.name, COALESCE(option.help_text, ''), option.required, rule.max_length,
       rule.extra_characters, rule.surcharge, option."order"
FROM catalogue_product product
JOIN catalogue_option option ON EXISTS (
        SELECT 1 FROM catalogue_product_product_options own
        WHERE own.option_id = option.id AND own.product_id IN (product.id, product.parent_id))
    OR EXISTS (
        SELECT 1 FROM catalogue_productclass_options shared
        LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
        WHERE shared.option_id = option.id
          AND shared.productclass_id = COALESCE(product.product_class_id, parent.product_class_id))
JOIN catalog_textrule rule ON rule.option_id = option.id
WHERE product.id = %s
ORDER BY option."order" NULLS LAST, option.id
"""


@dataclass(frozen=True, slots=True)
class ChosenText:
    field: TextField
    text: str


def fields_of(product_id: int) -> list[TextField]:
    """Of the product itself, its parent and its class; in their order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIELDS, (product_id,))
        return [
            TextField(
                option_id=pk,
                code=code,
                name=name,
                help_text=help_text,
                is_required=required,
                max_length=max_length,
                extra_characters=extra,
                surcharge=surcharge,
            )
            for pk, code, name, help_text, required, max_length, extra, surcharge, _ in cursor.fetchall()
        ]


def choose_texts(product_id: int, given: Mapping[str, str]) -> tuple[ChosenText, ...]:
    """What shall be written, by the product's own rules; `given` by code. Raises TextRefused."""
    fields = fields_of(product_id)
    unknown = sorted(given.keys() - {field.code for field in fields})
    if unknown and any(given[code].strip() for code in unknown):
        raise TextRefused("This product cannot be had with that text. Reload its page and try again.")
    if not fields:
        return ()
    banned = set(BannedWord.objects.values_list("word", flat=True)) if any(given.values()) else set()
    texts = ((field, check_text(field, given.get(field.code, ""), banned=banned)) for field in fields)
    return tuple(ChosenText(field, text) for field, text in texts if text)
