"""Products for the tests of the catalogue, built through Oscar's tables and indexed like any writer does."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from oscar.apps.catalogue.models import (
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductCategory,
    ProductClass,
)
from oscar.apps.partner.models import Partner, StockRecord

from catalog.models import PriceDetail, VariantAxis
from catalog.search.index import refresh_documents

_numbers = count(1)


def _attribute(product_class: ProductClass, code: str) -> ProductAttribute:
    attribute, _ = ProductAttribute.objects.get_or_create(
        product_class=product_class, code=code, defaults={"name": code.replace("_", " ").capitalize(), "type": "text"}
    )
    return attribute


def _add_record(product: Product, *, sku: str, price: str | None, compare_at: str | None) -> StockRecord:
    partner, _ = Partner.objects.get_or_create(code="house", defaults={"name": "House"})
    record = StockRecord.objects.create(
        product=product,
        partner=partner,
        partner_sku=sku,
        price=None if price is None else Decimal(price),
        price_currency="EUR",
    )
    PriceDetail.objects.create(
        stock_record=record, compare_at_price=None if compare_at is None else Decimal(compare_at)
    )
    return record


@pytest.fixture
def make_product(db: None) -> Callable[..., Product]:
    """`make_product("Mug", price="9.90", colour="Red")`; with `variants` ({axis: value, "price": …} each) a parent."""

    def make(
        title: str,
        *,
        price: str | None = "10.00",
        compare_at: str | None = None,
        sku: str | None = None,
        description: str = "",
        categories: Sequence[Category] = (),
        axes: Sequence[str] = (),
        variants: Sequence[Mapping[str, str]] = (),
        is_public: bool = True,
        index: bool = True,
        **attributes: str,
    ) -> Product:
        number = next(_numbers)
        sku = sku or f"SKU-{number}"
        product_class, _ = ProductClass.objects.get_or_create(name="Thing")
        product = Product.objects.create(
            title=title,
            slug=f"p-{number}",
            description=description,
            product_class=product_class,
            structure="parent" if variants else "standalone",
            is_public=is_public,
        )
        for code, value in attributes.items():
            ProductAttributeValue.objects.create(
                product=product, attribute=_attribute(product_class, code), value_text=value
            )
        for category in categories:
            ProductCategory.objects.create(product=product, category=category)
        for position, code in enumerate(axes):
            VariantAxis.objects.create(
                product=product, attribute=_attribute(product_class, code), name=code.capitalize(), position=position
            )
        for position, variant in enumerate(variants):
            values: dict[str, Any] = dict(variant)
            child = Product.objects.create(
                title=values.pop("title", ""),
                slug=f"p-{number}-{position}",
                structure="child",
                parent=product,
                is_public=values.pop("is_public", True),
            )
            _add_record(
                child,
                sku=values.pop("sku", f"{sku}-{position}"),
                price=values.pop("price", price),
                compare_at=values.pop("compare_at", compare_at),
            )
            for code, value in values.items():
                ProductAttributeValue.objects.create(
                    product=child, attribute=_attribute(product_class, code), value_text=value
                )
        if not variants:
            _add_record(product, sku=sku, price=price, compare_at=compare_at)
        if index:
            refresh_documents([product.pk])
        return product

    return make
