"""What goes with a product: what staff chose, then what is bought together with it, then what sells in its category and
branch; nothing that is sold out.
"""

from collections.abc import Sequence
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery
from oscar.apps.catalogue.models import ProductRecommendation

from catalog.search.records import SearchDocument
from catalog.together import BoughtTogether
from shop.storefront.cards import Card, build_cards_with
from shop.storefront.picker import Units
from shop.storefront.product_record import ProductRecord
from shop.storefront.rails import list_documents

CONSIDERED: Final = 14
SHOWN: Final = 8


def related_documents(record: ProductRecord) -> list[SearchDocument]:
    """One query."""
    chosen = ProductRecommendation.objects.filter(primary=record.product, recommendation=OuterRef("product"))
    documents = list_documents().annotate(ranking=Subquery(chosen.order_by("-ranking").values("ranking")[:1]))
    pairs = BoughtTogether.objects.filter(product=record.product, other=OuterRef("product"))
    documents = documents.annotate(together=Subquery(pairs.values("orders")[:1]))
    fitting = is_near = Q(ranking__isnull=False) | Q(together__isnull=False)
    if record.categories:
        is_near = Q(category_ids__contains=[record.categories[-1].pk])
        fitting |= Q(category_ids__contains=[record.categories[0].pk])
    found = documents.filter(fitting).exclude(product=record.product.pk).annotate(is_near=is_near)
    order = (
        F("ranking").desc(nulls_last=True),
        F("together").desc(nulls_last=True),
        F("is_near").desc(),
        F("popularity").desc(),
        "product",
    )
    return list(found.order_by(*order)[:CONSIDERED])


def related_cards(documents: Sequence[SearchDocument], *, units: Units) -> list[Card]:
    available = [document for document in documents if any(units.get(one, 0) != 0 for one in document.stock_record_ids)]
    return build_cards_with(available[:SHOWN], units=units)
