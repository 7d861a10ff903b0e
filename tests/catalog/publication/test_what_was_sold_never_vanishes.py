"""Archived is away from shoppers and kept for everybody else; deletion is for what nobody ever bought."""

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.models import Publication, SearchDocument
from catalog.publication.archive import Removal, archive_products, remove_product, restore_products
from catalog.search.index import refresh_documents
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_basket, make_product, make_variants, record_of

pytestmark = pytest.mark.django_db


@pytest.mark.feature("CA06")
def test_deleting_a_product_with_orders_archives_it_instead() -> None:
    lamp = make_product("Lamp")
    order = make_paid_order(lamp)
    refresh_documents([lamp.pk])
    answer = staff_client().post(
        f"/admin/catalogue/product/{lamp.pk}/remove/", {"reason": "Discontinued", "key": "k"}, follow=True
    )
    assert "it was archived instead" in answer.content.decode()
    assert order.lines.get().product == Product.objects.get(pk=lamp.pk)
    assert record_of(lamp).partner_sku == order.lines.get().partner_sku
    assert Publication.objects.get(pk=lamp.pk).archived_at is not None
    assert not SearchDocument.objects.filter(pk=lamp.pk).exists()
    assert Client().get(f"/p/{lamp.slug}/").status_code == 404
    assert AuditEntry.objects.filter(action="archive", subject_id=str(lamp.pk), reason="Discontinued").exists()


def test_a_product_whose_variant_was_sold_is_archived_with_all_of_them() -> None:
    cushion, children = make_variants("Cushion")
    make_paid_order(children["red"])
    assert remove_product(cushion.pk, actor=None) is Removal.ARCHIVED
    assert Product.objects.filter(parent=cushion).count() == 2


def test_what_lies_in_a_basket_or_has_a_stock_ledger_is_archived() -> None:
    wanted, counted = make_product("Wanted", stock=0), make_product("Counted", stock=3)
    make_basket(wanted)
    assert remove_product(wanted.pk, actor=None) is Removal.ARCHIVED
    assert remove_product(counted.pk, actor=None) is Removal.ARCHIVED
    assert record_of(counted).num_in_stock == 3


def test_what_nobody_ever_bought_or_counted_is_deleted() -> None:
    from inventory.models import StockLevel

    lamp = make_product("Lamp", stock=0)
    StockLevel.objects.filter(stock_record=record_of(lamp)).delete()
    refresh_documents([lamp.pk])
    assert remove_product(lamp.pk, actor=None, reason="Typed by mistake") is Removal.DELETED
    assert not Product.objects.filter(pk=lamp.pk).exists()
    assert not StockRecord.objects.filter(product=lamp.pk).exists()
    assert not SearchDocument.objects.filter(pk=lamp.pk).exists()


def test_a_product_comes_out_of_the_archive_hidden_and_whole() -> None:
    lamp = make_product("Lamp")
    assert archive_products([lamp.pk]) == [lamp.pk]
    assert archive_products([lamp.pk]) == []
    client = staff_client("catalogue editor")
    assert "Lamp" not in client.get("/admin/catalogue/product/").content.decode()
    assert "Lamp" in client.get("/admin/catalogue/product/?listed=archived").content.decode()
    assert client.post(f"/admin/catalogue/product/{lamp.pk}/restore/", {"key": "k"}).status_code == 303
    lamp.refresh_from_db()
    assert (lamp.is_public, lamp.publication.archived_at) == (False, None)
    assert restore_products([lamp.pk]) == []


def test_archived_is_stronger_than_public() -> None:
    lamp = make_product("Lamp")
    archive_products([lamp.pk])
    Product.objects.filter(pk=lamp.pk).update(is_public=True)
    refresh_documents([lamp.pk])
    assert not SearchDocument.objects.filter(pk=lamp.pk).exists()
    assert Client().get(f"/p/{lamp.slug}/").status_code == 404
