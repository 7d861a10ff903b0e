"""What a product is sold with: its files, and how long and how often they may be fetched."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max
from oscar.apps.catalogue.models import Product

from catalog.digital.records import DigitalFile, ProductFile


class NotDigital(ValueError):
    """The product's class sends parcels or counts units; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFile:
    """`downloads` within `hours` for each unit bought. `size` in bytes."""

    file_id: int
    name: str
    size: int
    downloads: int
    hours: int

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2].upper()

    @property
    def size_words(self) -> str:
        return name_of_size(self.size)


_FILES = """
SELECT sold.id, file.id, file.name, file.size, file.downloads, file.hours
FROM catalogue_product sold
JOIN catalog_productfile placed ON placed.product_id IN (sold.id, sold.parent_id)
JOIN catalog_digitalfile file ON file.id = placed.file_id
WHERE sold.id = ANY(%s)
ORDER BY sold.id, placed.product_id = sold.id, placed.position, placed.id
"""


def name_of_size(size: int) -> str:
    """Of bytes: `1.4 MB`, `12 kB`."""
    return f"{size / 2**20:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1024))} kB"


def files_of(product_ids: Iterable[int]) -> dict[int, list[OfferedFile]]:
    """Files by product (a variant has its parent's too), each once; one query."""
    found: dict[int, dict[int, OfferedFile]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_FILES, (list(product_ids),))
        for product_id, file_id, name, size, downloads, hours in cursor.fetchall():
            offered = OfferedFile(file_id=file_id, name=name, size=size, downloads=downloads, hours=hours)
            found[product_id].setdefault(file_id, offered)
    return {product_id: list(files.values()) for product_id, files in found.items()}


def place_file(file_id: int, *, product_ids: Iterable[int]) -> None:
    """These listed products are sold with it, and no others; what single variants have of it stays."""
    wanted = set(product_ids)
    with transaction.atomic():
        placed = ProductFile.objects.filter(file=file_id, product__parent=None)
        known = set(placed.values_list("product_id", flat=True))
        placed.exclude(product__in=wanted).delete()
        others = ProductFile.objects.filter(product__in=wanted - known).values("product").annotate(most=Max("position"))
        last = {row["product"]: row["most"] for row in others}
        ProductFile.objects.bulk_create(
            ProductFile(product_id=pk, file_id=file_id, position=last.get(pk, -1) + 1) for pk in sorted(wanted - known)
        )


def skus_with(file: DigitalFile) -> list[str]:
    """One SKU for each product that is sold with it, by which staff know it."""
    found: dict[int, str] = {}
    products = Product.objects.filter(files_for_sale__file=file, parent=None)
    rows = products.values_list("pk", "stockrecords__partner_sku", "children__stockrecords__partner_sku")
    for pk, own, child in rows.order_by("pk", "stockrecords__pk", "children__stockrecords__pk"):
        if own or child:
            found.setdefault(pk, own or child)
    return list(found.values())


def check_digital(product: Product) -> None:
    """Raises NotDigital."""
    kind = product.get_product_class()
    if kind.requires_shipping or kind.track_stock:
        does = "travels in parcels" if kind.requires_shipping else "counts units in stock"
        raise NotDigital(
            f"“{product.get_title()}” is of the class “{kind.name}”, which {does}. Files belong to a class that does"
            " neither: change the class under Product classes, or choose another one for the product."
        )
