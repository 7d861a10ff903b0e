"""What customs and packing ask of a product: tariff code, country of origin, size and weight.

Feed, customs papers and packing all read `logistics_of`. A variant without a fact of its own has its parent's.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale
from django.db import connection, models
from django.db.models import Q
from oscar.apps.catalogue.models import Product

LONGEST_SIDE_MM: Final = 30_000


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


class WrongFact(ValueError):
    """The text is not what the fact holds; the message is the sentence to show."""


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


def read_hs_code(text: str) -> str:
    """Digits without points and spaces. Chapters end with 97; 77 is reserved (HS 2022)."""
    digits = re.sub(r"[.\s]", "", text)
    if not re.fullmatch(r"\d{6}|\d{8}|\d{10}", digits) or not digits.isascii():
        raise WrongFact(f"“{text.strip()[:40]}” is not a tariff code. Expected 6, 8 or 10 digits, such as 6912.00.")
    if not 1 <= int(digits[:2]) <= 97 or digits[:2] == "77":
        raise WrongFact(f"There is no chapter {digits[:2]} in the tariff. Chapters are 01 to 97, without 77.")
    return digits


def read_origin(text: str) -> str:
    code = text.strip().upper()
    if code not in country_codes():
        named = next(
            (known for known, name in country_names().items() if name.casefold() == text.strip().casefold()), ""
        )
        hint = f"Write {named}." if named else "Write the two letters of ISO 3166, such as DE."
        raise WrongFact(f"“{text.strip()[:40]}” is not a country's code. {hint}")
    return code


def read_millimetres(text: str) -> str:
    if not re.fullmatch(r"\d{1,6}", text.strip()) or not text.isascii() or not 1 <= int(text) <= LONGEST_SIDE_MM:
        raise WrongFact(f"“{text.strip()[:40]}” is not a side in whole millimetres, from 1 to {LONGEST_SIDE_MM}.")
    return str(int(text))


READERS: Final[dict[str, Callable[[str], str]]] = {
    "hs_code": read_hs_code,
    "origin": read_origin,
    "length_mm": read_millimetres,
    "width_mm": read_millimetres,
    "height_mm": read_millimetres,
}


@cache
def country_names() -> dict[str, str]:
    """English names by code; regions that are no countries are left out."""
    known = Locale("en").territories
    left_out = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
    return {code: name for code, name in known.items() if len(code) == 2 and code.isalpha() and code not in left_out}


@cache
def country_codes() -> frozenset[str]:
    return frozenset(country_names())


def set_logistics(product_id: int, *, facts: dict[str, str]) -> None:
    """`facts` by name, canonical text; "" clears. Names that are left out stay as they are."""
    values: dict[str, object] = {
        name: (int(text) if text else None) if name.endswith("_mm") else text for name, text in facts.items()
    }
    Logistics.objects.update_or_create(product_id=product_id, defaults=values)
