"""A line has the first picture of the variant that was chosen; without one that of its product; without any a drawn one."""

import re

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product

from catalog.media.records import MediaFile, ProductMedia
from tests.shopfloor import make_product, make_variants, open_shop

pytestmark = pytest.mark.django_db


def hang(product: Product, *digests: str) -> None:
    for position, digest in reversed(list(enumerate(digests))):
        file = MediaFile.objects.create(digest=digest, width=800, height=1000, widths=[240, 480], formats=["webp"])
        ProductMedia.objects.create(product=product, file=file, alt="A thing", position=position)


def test_the_first_picture_of_the_variant_comes_before_its_parents(client: Client) -> None:
    open_shop()
    cushion, children = make_variants("Cushion", values=("sand", "moss"))
    lamp = make_product("Lamp")
    hang(cushion, "aa11", "aa22")
    hang(children["sand"], "bb11", "bb22")
    for product in (children["sand"], children["moss"], lamp):
        client.post(f"/basket/add/{product.pk}/")
    page = client.get("/basket/").text
    assert re.findall(r'<img src="/media/pictures/../(\w+)/480.jpg" alt="" width="800" height="1000"', page) == [
        "bb11",
        "aa11",
    ]
    assert "/media/pictures/bb/bb11/240.avif 240w, /media/pictures/bb/bb11/480.avif 480w" in page
    assert page.count('href="/p/cushion') == 2
    assert "Lamp" in page
