"""What customs and packing ask of a product: tariff code, country of origin, size and weight.

Feed, customs papers and packing all read `logistics_of`. A variant without a fact of its own has its parent's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection, models
from django.db.models import Q
from oscar.apps.catalogue.models import Product


class Logistics(models.Model):
    """Of anything with a product row: a parent, a variant or a stand-alone product. None and "" say nothing."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="logistics")
    hs_code = models.CharField(max_length=10, blank=True, help_text="Harmonised System: 6, 8 or 10 digits.")
    origin = models.CharField(max_length=2, blank=True, help_text="Country of origin, ISO 3166-1.")
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "logistics"
        verbose_name_plural = "logistics"
        constraints = [
            models.CheckConstraint(
                condition=Q(hs_code__regex=r"^(\d{6}|\d{8}|\d{10})?$"), name="catalog_hs_code_digits"
            ),
            models.CheckConstraint(condition=Q(origin__regex=r"^([A-Z]{2})?$"), name="catalog_origin_two_letters"),
        ]

    def __str__(self) -> str:
        return f"logistics of {self.product_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Sides in mm, as packed; `weight_kg` per unit. None and "" where nobody said."""

    hs_code: str = ""
    origin: str = ""
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    weight_kg: Decimal | None = None
    gtin: str = ""


_READ: Final = """
SELECT product.id, COALESCE(NULLIF(own.hs_code, ''), shared.hs_code, ''), COALESCE(NULLIF(own.origin, ''), shared.origin, ''),
       COALESCE(own.length_mm, shared.length_mm), COALESCE(own.width_mm, shared.width_mm),
       COALESCE(own.height_mm, shared.height_mm), COALESCE(product.upc, ''),
       (SELECT detail.weight_kg FROM partner_stockrecord record
        JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
        WHERE record.product_id = product.id ORDER BY record.id LIMIT 1)
FROM catalogue_product product
LEFT JOIN catalog_logistics own ON own.product_id = product.id
LEFT JOIN catalog_logistics shared ON shared.product_id = product.parent_id
WHERE product.id = ANY(%s)
"""


def logistics_of(product_ids: Iterable[int]) -> dict[int, Parcel]:
    """By product id, for what is sold (variants and stand-alone products) or their parents. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, (list(product_ids),))
        return {
            pk: Parcel(
                hs_code=hs_code, origin=origin, length_mm=length, width_mm=width, height_mm=height,
                weight_kg=weight, gtin=gtin,
            )
            for pk, hs_code, origin, length, width, height, gtin, weight in cursor.fetchall()
        }  # fmt: skip


def set_logistics(product_id: int, *, facts: dict[str, str]) -> None:
    """`facts` by name, canonical text; "" clears. Names that are left out stay as they are."""
    values: dict[str, object] = {
        name: (int(text) if text else None) if name.endswith("_mm") else text for name, text in facts.items()
    }
    Logistics.objects.update_or_create(product_id=product_id, defaults=values)
