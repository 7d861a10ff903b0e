"""Change who made a product, who can be reached, and which categories are covered; what is listed follows."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models.functions import Coalesce
from oscar.apps.catalogue.models import Category, ProductCategory

from catalog.kits.records import KitPart
from catalog.safety.gate import withheld_sql
from catalog.safety.records import CoveredCategory, Party, ProductSafety, SafetyDocument
from catalog.search.index import refresh_documents


def set_safety(
    product_id: int,
    *,
    maker: Party | None,
    responsible: Party | None,
    warnings: str,
    documents: Sequence[tuple[str, str]] | None = None,
    refresh: bool = True,
) -> None:
    """`documents` are titles and addresses; None leaves them. With `refresh=False` the caller refreshes."""
    with transaction.atomic():
        safety, _ = ProductSafety.objects.update_or_create(
            product_id=product_id,
            defaults={"maker": maker, "responsible": responsible, "warnings": warnings.strip()},
        )
        if documents is not None:
            SafetyDocument.objects.filter(safety=safety).delete()
            SafetyDocument.objects.bulk_create(
                SafetyDocument(safety=safety, title=title, url=url, position=position)
                for position, (title, url) in enumerate(documents)
            )
        if refresh:
            refresh_documents(with_kits([product_id]))


def refresh_products_of(party: Party) -> int:
    """After a contact changed: some of its products may enter or leave the shop."""
    rows = ProductSafety.objects.filter(maker=party) | ProductSafety.objects.filter(responsible=party)
    return refresh_documents(with_kits(rows.values_list("pk", flat=True)))


def cover_category(category: Category, *, is_covered: bool) -> int:
    """Say whether the law covers a category and all below it; returns how many public products are kept out now."""
    with transaction.atomic():
        was_covered = CoveredCategory.objects.filter(pk=category.pk).exists()
        if was_covered == is_covered:
            return 0
        if is_covered:
            CoveredCategory.objects.create(category=category)
        else:
            CoveredCategory.objects.filter(pk=category.pk).delete()
        links = ProductCategory.objects.filter(category__path__startswith=category.path)
        ids = with_kits(links.values_list("product_id", flat=True).distinct())
        refresh_documents(ids)
        return len(withheld_among(ids)) if is_covered else 0


def with_kits(product_ids: Iterable[int]) -> list[int]:
    """The listed products, and those of the kits that hold them: what keeps a part out keeps the kit out."""
    ids = set(product_ids)
    parts = KitPart.objects.filter(component__product__in=ids) | KitPart.objects.filter(
        component__product__parent__in=ids
    )
    kits = Coalesce("kit__stock_record__product__parent_id", "kit__stock_record__product_id")
    return sorted(ids.union(parts.values_list(kits, flat=True)))


def withheld_among(product_ids: Iterable[int]) -> set[int]:
    """Which of these listed products are kept out for want of a contact. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT product.id FROM catalogue_product product WHERE product.id = ANY(%s) AND {withheld_sql('product.id')}",
            (list(product_ids),),
        )
        return {row[0] for row in cursor.fetchall()}
