"""A shelf of many products in a few statements: categories, attributes, variants, prices, stock, search documents."""

from decimal import Decimal

from oscar.apps.catalogue.models import (
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductCategory,
)
from oscar.apps.partner.models import StockRecord

from catalog.models import PriceDetail
from catalog.search.index import refresh_documents
from inventory.models import StockLevel
from tests.shopfloor import make_category, make_location, make_partner, make_product_class

COLOURS = ("Sage", "Clay", "Ink", "Sand", "Ochre")
MATERIALS = ("Linen", "Stoneware", "Oak")


def fill_shelf(count: int, *, category: Category | None = None) -> list[Product]:
    """`count` products "Lamp 0001" … for 1.00, 2.00 …, every fifth reduced, every seventh sold out."""
    category = category or make_category("Living", "Lamps")
    kind = make_product_class()
    first = Product.objects.count() + 1
    attributes = {
        code: ProductAttribute.objects.get_or_create(
            product_class=kind, code=code, defaults={"name": code.title(), "type": "text", "required": False}
        )[0]
        for code in ("colour", "material", "brand")
    }
    products = Product.objects.bulk_create(
        Product(
            structure=Product.STANDALONE,
            product_class=kind,
            title=f"Lamp {number:04d}",
            slug=f"lamp-{number:04d}",
            description="A lamp for the end of the day.",
            is_public=True,
        )
        for number in range(first, first + count)
    )
    ProductCategory.objects.bulk_create(ProductCategory(product=one, category=category) for one in products)
    ProductAttributeValue.objects.bulk_create(
        ProductAttributeValue(product=one, attribute=attributes[code], value_text=choices[index % len(choices)])
        for index, one in enumerate(products)
        for code, choices in (("colour", COLOURS), ("material", MATERIALS), ("brand", ("Seeberg", "Nord")))
    )
    records = StockRecord.objects.bulk_create(
        StockRecord(
            product=one,
            partner=make_partner(),
            partner_sku=one.slug.upper(),
            price=Decimal(index + 1),
            price_currency="EUR",
            num_in_stock=_stock(index),
        )
        for index, one in enumerate(products)
    )
    PriceDetail.objects.bulk_create(
        PriceDetail(stock_record=record, compare_at_price=record.price * 2 if index % 5 == 0 else None)
        for index, record in enumerate(records)
    )
    place = make_location()
    StockLevel.objects.bulk_create(
        StockLevel(stock_record=record, location=place, on_hand=_stock(index)) for index, record in enumerate(records)
    )
    refresh_documents(one.pk for one in products)
    return products


def _stock(index: int) -> int:
    return 0 if index % 7 == 6 else index % 9 + 1
