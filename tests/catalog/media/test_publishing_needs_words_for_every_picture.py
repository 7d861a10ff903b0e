"""A picture without words keeps its product from being published; the rest of the media rules stand next door."""

from pathlib import Path
from typing import Any

import pytest
from oscar.apps.catalogue.models import Product

from catalog.models import ProductMedia
from catalog.publication.obstacles import NO_ALT
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import a_picture, save
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA09")]


@pytest.fixture
def hidden(settings: Any, tmp_path: Path) -> Product:
    settings.MEDIA_ROOT = tmp_path
    lamp = make_product("Lamp")
    Product.objects.filter(pk=lamp.pk).update(is_public=False)
    return Product.objects.get(pk=lamp.pk)


def test_a_product_with_a_silent_picture_is_not_published(hidden: Product) -> None:
    client = staff_client()
    assert save(client, hidden, upload__picture=a_picture(), upload__alt="A brass lamp").status_code == 303
    placed = ProductMedia.objects.get(product=hidden)
    assert save(client, hidden, **{f"p{placed.pk}__alt": ""}).status_code == 303
    answer = save(client, hidden, is_public="on")
    assert NO_ALT in answer.content.decode()
    assert not Product.objects.get(pk=hidden.pk).is_public
    assert save(client, hidden, is_public="on", **{f"p{placed.pk}__alt": "A brass lamp"}).status_code == 303
    assert Product.objects.get(pk=hidden.pk).is_public


def test_a_published_product_takes_no_picture_without_words(hidden: Product) -> None:
    client = staff_client()
    assert NO_ALT in save(client, hidden, is_public="on", upload__picture=a_picture()).content.decode()
    assert not ProductMedia.objects.exists()
