"""The electronics set: real products with human ratings of answers to questions, loaded through the shop's own tables.

Product data from Icecat (icecat.biz), Open Content Licence; ratings from querqy/chorus, Apache-2.0.
"""

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.db import connection
from django.utils import timezone
from oscar.apps.catalogue.models import Product, ProductAttribute, ProductAttributeValue, ProductClass
from oscar.apps.partner.models import Partner, StockRecord

from catalog.search.reindex import reindex_products

COMMON: Final = 20
"""Attributes that fewer products have are left out: thousands of codes, each on a handful of products."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    number: str
    title: str
    brand: str
    description: str
    gtin: str
    price: Decimal
    attributes: Mapping[str, str]

    def all_words(self) -> str:
        """What the plain methods beside ours read: the same words, in one text."""
        return " ".join([self.title, self.brand, self.description, *self.attributes.values()])


def read_goods(folder: Path) -> list[Goods]:
    with gzip.open(folder / "products.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    uses = Counter(key for row in rows for key in row if key.startswith("attr_t_"))
    return [
        Goods(
            number=row["id"],
            title=row["title"][:255],
            brand=row["supplier"],
            description=row.get("short_description", ""),
            gtin=row["ean"][0] if row["ean"] else "",
            price=Decimal(row["price"]) / 100,
            attributes={
                key.removeprefix("attr_t_"): str(value)
                for key, value in row.items()
                if key.startswith("attr_t_") and uses[key] >= COMMON
            },
        )
        for row in rows
    ]


def read_ratings(folder: Path) -> dict[str, dict[str, int]]:
    """Grades 0 to 3 by question and product number."""
    ratings: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "ratings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ratings[row["query"]][row["docid"]] = int(row["rating"])
    return dict(ratings)


def load_goods(goods: Iterable[Goods], *, with_attributes: bool = True) -> dict[int, str]:
    """Write them like any product and index them; the number of each by product id."""
    goods = list(goods)
    product_class = ProductClass.objects.create(name="Electronics")
    partner = Partner.objects.create(name="Electronics", code="electronics")
    codes = {"brand", *(code for one in goods for code in one.attributes)} if with_attributes else {"brand"}
    ProductAttribute.objects.bulk_create(
        ProductAttribute(product_class=product_class, code=code, name=code, type="text") for code in sorted(codes)
    )
    known = {one.code: one for one in ProductAttribute.objects.filter(product_class=product_class)}
    products = Product.objects.bulk_create(
        [
            Product(
                title=one.title,
                slug=f"e-{one.number}",
                description=one.description,
                product_class=product_class,
                structure="standalone",
                date_created=timezone.now(),
            )
            for one in goods
        ],
        batch_size=2_000,
    )
    StockRecord.objects.bulk_create(
        [
            StockRecord(product=product, partner=partner, partner_sku=one.number, price=one.price, price_currency="EUR")
            for product, one in zip(products, goods, strict=True)
        ],
        batch_size=2_000,
    )
    ProductAttributeValue.objects.bulk_create(
        [
            ProductAttributeValue(product=product, attribute=known[code], value_text=value)
            for product, one in zip(products, goods, strict=True)
            for code, value in {"brand": one.brand, **one.attributes}.items()
            if code in known
        ],
        batch_size=5_000,
    )
    reindex_products()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {product.pk: one.number for product, one in zip(products, goods, strict=True)}
