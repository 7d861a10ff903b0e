"""Give many products a tax class, or tags."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection
from oscar.apps.catalogue.models import Product, ProductAttribute, ProductAttributeValue

from catalog.attributes.storing import save_value
from catalog.bulk.kinds import BulkRefused, PlannedRow
from catalog.bulk.shelving import lock_products, titles_of
from catalog.pricing.records import PriceDetail
from catalog.search.index import refresh_documents

TAGS: Final = "tags"
_TAX: Final = """
SELECT record.id, record.partner_sku, COALESCE(detail.tax_class, 'standard')
FROM catalogue_product product JOIN partner_stockrecord record ON record.product_id = product.id
LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
WHERE product.id = ANY(%s) OR product.parent_id = ANY(%s) ORDER BY record.partner_sku, record.id
"""
# Locked by a statement of its own: one that waits for the record would still read the class as it was before the wait.
_LOCK: Final = "SELECT id FROM partner_stockrecord WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_TAX_NOW: Final = """
SELECT record.id, COALESCE(detail.tax_class, 'standard')
FROM partner_stockrecord record LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
WHERE record.id = ANY(%s) ORDER BY record.id
"""


class TaxClassChange:
    """Choices: `tax_class`; `known` lists the classes that have rates."""

    name = "tax_class"
    title = "Tax class"
    permission = "backoffice.change_price"

    def plan(self, product_ids: Sequence[int], choices: Mapping[str, Any]) -> list[PlannedRow]:
        wanted = str(choices.get("tax_class") or "")
        if not wanted or wanted not in choices.get("known", ()):
            raise BulkRefused("Choose one of the tax classes that have a rate.")
        ids = list(product_ids)
        with connection.cursor() as cursor:
            cursor.execute(_TAX, (ids, ids))
            return [
                PlannedRow(subject_id=pk, label=sku, before=held, after=wanted)
                for pk, sku, held in cursor.fetchall()
                if held != wanted
            ]

    def read(self, subject_ids: Sequence[int]) -> dict[int, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, (list(subject_ids),))
            cursor.execute(_TAX_NOW, (list(subject_ids),))
            return dict(cursor.fetchall())

    def write(self, values: Mapping[int, Any], *, actor_name: str, reason: str) -> None:
        PriceDetail.objects.bulk_create(
            [PriceDetail(stock_record_id=pk, tax_class=value) for pk, value in sorted(values.items())],
            update_conflicts=True,
            unique_fields=["stock_record"],
            update_fields=["tax_class"],
        )

    def say(self, value: Any) -> str:
        return str(value)


class TagChange:
    """Choices: `tags` (a list) and `act`, `add` or `remove`. Values are joined by `|`, as the attribute holds them."""

    name = "tags"
    title = "Tags"
    permission = "catalogue.change_product"

    def plan(self, product_ids: Sequence[int], choices: Mapping[str, Any]) -> list[PlannedRow]:
        tags = [str(tag).strip() for tag in choices.get("tags") or () if str(tag).strip()]
        if not tags or any("|" in tag or len(tag) > 60 for tag in tags) or choices.get("act") not in ("add", "remove"):
            raise BulkRefused("Write tags of up to 60 characters, without |, and whether they are added or taken away.")
        now, rows = _tags(product_ids), []
        for pk, title in titles_of(product_ids).items():
            held = [tag for tag in now.get(pk, "").split("|") if tag]
            kept = [tag for tag in held if choices["act"] == "add" or tag not in tags]
            after = "|".join(dict.fromkeys([*kept, *(tags if choices["act"] == "add" else [])]))
            if after != now.get(pk, ""):
                rows.append(PlannedRow(subject_id=pk, label=title, before=now.get(pk, ""), after=after))
        return rows

    def read(self, subject_ids: Sequence[int]) -> dict[int, Any]:
        lock_products(subject_ids)
        return dict.fromkeys(subject_ids, "") | _tags(subject_ids)

    def write(self, values: Mapping[int, Any], *, actor_name: str, reason: str) -> None:
        attributes: dict[int, ProductAttribute] = {}
        for product in Product.objects.filter(pk__in=list(values)).order_by("pk"):
            class_id = product.product_class_id
            if class_id not in attributes:
                attributes[class_id], _ = ProductAttribute.objects.get_or_create(
                    product_class_id=class_id, code=TAGS, defaults={"name": "Tags", "type": ProductAttribute.TEXT}
                )
            save_value(product, attributes[class_id], values[product.pk])
        refresh_documents(values)

    def say(self, value: Any) -> str:
        return value.replace("|", ", ") or "none"


def _tags(product_ids: Sequence[int]) -> dict[int, str]:
    rows = ProductAttributeValue.objects.filter(product__in=list(product_ids), attribute__code=TAGS)
    return {pk: text or "" for pk, text in rows.values_list("product_id", "value_text")}
