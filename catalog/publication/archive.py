"""Put products away, and take them out again. What was sold never vanishes: orders and ledgers name it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.publication.records import Publication
from catalog.publication.schedule import show_products
from catalog.search.index import refresh_documents
from shop.audit.record import record_action


class Removal(StrEnum):
    DELETED = "deleted"
    ARCHIVED = "archived"


# In a basket counts as wanted: the shopper should read that it is gone, not find a line without a product.
_NEEDED = """
SELECT EXISTS (
    SELECT 1 FROM catalogue_product product LEFT JOIN partner_stockrecord record ON record.product_id = product.id
    WHERE (product.id = %(id)s OR product.parent_id = %(id)s) AND (
        EXISTS (SELECT 1 FROM order_line line WHERE line.product_id = product.id OR line.stockrecord_id = record.id)
        OR EXISTS (SELECT 1 FROM basket_line line WHERE line.product_id = product.id)))
"""


def archive_products(product_ids: Sequence[int]) -> list[int]:
    """Hide listed products and mark them as put away; returns which were not archived before."""
    with transaction.atomic():
        # Whoever shows products at this moment (a bulk edit) has looked whether they are archived under the same lock.
        list(Product.objects.filter(pk__in=product_ids).order_by("pk").select_for_update(of=("self",), no_key=True))
        known = set(
            Publication.objects.filter(product__in=product_ids, archived_at__isnull=False).values_list("pk", flat=True)
        )
        changed = sorted(set(product_ids) - known)
        for product_id in changed:
            Publication.objects.update_or_create(product_id=product_id, defaults={"archived_at": Now()})
        show_products(changed, is_public=False)
        refresh_documents(changed)
    return changed


def restore_products(product_ids: Sequence[int]) -> list[int]:
    """Take products out of the archive; they come back hidden. Returns which were archived."""
    with transaction.atomic():
        archived = Publication.objects.filter(product__in=product_ids, archived_at__isnull=False)
        changed = sorted(archived.select_for_update().values_list("pk", flat=True))
        Publication.objects.filter(pk__in=changed).update(archived_at=None)
        refresh_documents(changed)
    return changed


def remove_product(product_id: int, *, actor: Any, reason: str = "") -> Removal:
    """Delete a listed product with its variants; one that orders, baskets or a stock ledger name is archived instead.

    Audited. Raises Product.DoesNotExist.
    """
    with transaction.atomic():
        product = Product.objects.select_for_update(of=("self",)).get(pk=product_id, parent__isnull=True)
        removal = Removal.ARCHIVED if _is_needed(product_id) or not _try_to_delete(product) else Removal.DELETED
        if removal is Removal.ARCHIVED:
            archive_products([product_id])
        record_action(
            action="archive" if removal is Removal.ARCHIVED else "delete",
            subject_type="product",
            subject_id=product_id,
            actor=actor,
            before={"title": product.title, "slug": product.slug},
            reason=reason,
        )
    return removal


def _is_needed(product_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_NEEDED, {"id": product_id})
        return bool(cursor.fetchone()[0])


def _try_to_delete(product: Product) -> bool:
    """False when a higher room protects one of its rows, such as the stock ledger."""
    family = [product.pk, *Product.objects.filter(parent=product).values_list("pk", flat=True)]
    try:
        with transaction.atomic():
            StockRecord.objects.filter(product__in=family).delete()
            Product.objects.filter(parent=product).delete()
            Product.objects.filter(pk=product.pk).delete()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (ProtectedError, IntegrityError):
        return False
    return True
