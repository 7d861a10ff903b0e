"""A small shop to browse: lamps with filters, a cushion with variants, delivery and tax."""

from dataclasses import dataclass

import pytest
from oscar.apps.catalogue.models import Product, ProductAttributeValue
from oscar.apps.catalogue.reviews.models import ProductReview

from catalog.search.index import refresh_documents
from tests.shopfloor import make_axis, make_category, make_product, make_product_class, open_shop
from tests.storefront.shelf import fill_shelf


@dataclass(frozen=True)
class SmallShop:
    """`cushion` comes as Sage or Clay in Small or Large: Clay/Large is not made, Clay/Small is sold out."""

    lamps: list[Product]
    cushion: Product
    children: dict[tuple[str, str], Product]


@pytest.fixture
def small_shop(db: None) -> SmallShop:
    open_shop()
    lamps = fill_shelf(30)
    cushion = Product.objects.create(
        structure=Product.PARENT,
        product_class=make_product_class(),
        title="Cushion",
        slug="cushion",
        description="Linen, washed before it is sewn.",
        is_public=True,
    )
    cushion.categories.add(make_category("Living", "Cushions"))
    colour, size = make_axis(cushion, "colour"), make_axis(cushion, "size", position=1)
    children = {}
    for (hue, measure), stock, price in (
        (("Sage", "Small"), 8, "24.00"),
        (("Sage", "Large"), 2, "32.00"),
        (("Clay", "Small"), 0, "24.00"),
    ):
        child = make_product(f"Cushion {hue} {measure}", parent=cushion, stock=stock, price=price, compare_at="40.00")
        ProductAttributeValue.objects.create(product=child, attribute=colour, value_text=hue)
        ProductAttributeValue.objects.create(product=child, attribute=size, value_text=measure)
        children[hue, measure] = child
    ProductReview.objects.create(
        product=cushion, score=5, title="Soft", body="Softer with every wash.", name="Ines", status=1
    )
    ProductReview.objects.create(product=cushion, score=4, title="Good", body="A little thin.", name="Jo", status=1)
    ProductReview.objects.create(product=cushion, score=1, title="Spam", body="Buy pills", name="Bot", status=0)
    refresh_documents([cushion.pk])
    return SmallShop(lamps=lamps, cushion=cushion, children=children)
