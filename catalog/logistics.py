"""What customs and packing ask of a product: tariff code, country of origin, size and weight.

The feeds, and on the packing slip the parcel and customs, all read it here. A variant without a fact of its own has its parent's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection, models
from django.db.models import Q
from oscar.apps.catalogue.models import Product

from catalog.kits.weight import UNIT_WEIGHT


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

    @property
    def weight(self) -> str:
        """`1.25 kg`, or empty."""
        return "" if self.weight_kg is None else f"{self.weight_kg.normalize():f} kg"

    @property
    def sides(self) -> tuple[int, int, int] | None:
        """Length, width and height in mm; None when one is not known."""
        if self.length_mm is None or self.width_mm is None or self.height_mm is None:
            return None
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def size(self) -> str:
        """`300 × 200 × 450 mm`, or empty."""
        return f"{' × '.join(map(str, self.sides))} mm" if self.sides else ""


_COLUMNS: Final = f"""
COALESCE(NULLIF(own.hs_code, ''), shared.hs_code, ''), COALESCE(NULLIF(own.origin, ''), shared.origin, ''),
COALESCE(own.length_mm, shared.length_mm), COALESCE(own.width_mm, shared.width_mm),
COALESCE(own.height_mm, shared.height_mm), COALESCE(product.upc, ''),
(SELECT ({UNIT_WEIGHT})::text FROM partner_stockrecord record
 JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
 WHERE record.product_id = product.id ORDER BY record.id LIMIT 1)
"""
_FROM: Final = """
FROM catalogue_product product
LEFT JOIN catalog_logistics own ON own.product_id = product.id
LEFT JOIN catalog_logistics shared ON shared.product_id = product.parent_id
"""


def parcel_sql(*, product_id: str) -> str:
    """The same for somebody else's query, as a JSON array for `read_parcel`; `product_id` is a column of that query."""
    return f"(SELECT jsonb_build_array({_COLUMNS}) {_FROM} WHERE product.id = {product_id})"


def read_parcel(values: Sequence[Any]) -> Parcel:
    hs_code, origin, length, width, height, gtin, weight = values
    return Parcel(
        hs_code=hs_code, origin=origin, length_mm=length, width_mm=width, height_mm=height,
        weight_kg=None if weight is None else Decimal(weight), gtin=gtin,
    )  # fmt: skip


def logistics_of(product_ids: Iterable[int]) -> dict[int, Parcel]:
    """By product id, for what is sold (variants and stand-alone products) or their parents. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT product.id, {_COLUMNS} {_FROM} WHERE product.id = ANY(%s)", (list(product_ids),))
        return {pk: read_parcel(values) for pk, *values in cursor.fetchall()}


def set_logistics(product_id: int, *, facts: dict[str, str]) -> None:
    """`facts` by name, canonical text; "" clears. Names that are left out stay as they are."""
    values: dict[str, object] = {
        name: (int(text) if text else None) if name.endswith("_mm") else text for name, text in facts.items()
    }
    Logistics.objects.update_or_create(product_id=product_id, defaults=values)
