"""A visitor meets makers, warnings and collections; staff meet tariff codes and a season that ends."""

import pytest
from django.test import Client
from oscar.apps.catalogue.models import ProductAttribute, ProductAttributeValue

from catalog.models import Logistics, Party, Publication
from catalog.publication.obstacles import publication_obstacles
from catalog.search.index import refresh_documents
from shop.demo.particulars import MAKERS, describe_goods
from tests.shopfloor import make_category, make_product, open_shop

pytestmark = pytest.mark.django_db


def test_a_candle_has_a_maker_warnings_a_tariff_code_and_an_end_of_season() -> None:
    open_shop()
    candle = make_product("Candle", category=make_category("Lighting", "Candles"))
    brand = ProductAttribute.objects.create(product_class=candle.product_class, code="brand", name="Brand", type="text")
    ProductAttributeValue.objects.create(product=candle, attribute=brand, value_text="Maison Cire")
    describe_goods()
    describe_goods()
    refresh_documents([candle.pk])
    assert Party.objects.count() == len(MAKERS)
    facts = Logistics.objects.get()
    assert (facts.hs_code, facts.origin) == ("94052900", "FR")
    assert publication_obstacles([candle.pk]) == {}
    assert Publication.objects.get(pk=candle.pk).publish_to is not None
    page = Client().get(f"/p/{candle.slug}/").content.decode()
    assert "Never leave a burning candle alone." in page
    assert "Made by Maison Cire, 8 rue des Ruches" in page
    assert "Candle" in Client().get("/collection/gifts-under-30/").content.decode()
