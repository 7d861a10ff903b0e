"""Short rows of products: new, reduced, well liked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Now

from catalog.publication.openness import open_documents
from catalog.search.pages import NEW_FOR_DAYS
from catalog.search.records import SearchDocument
from catalog.search.shown_documents import turn_documents
from shop.storefront.cards import Card, build_cards

LENGTH: Final = 10


def list_documents() -> QuerySet[SearchDocument]:
    """Documents with `is_new` by the database's clock, without the long columns that only matching needs."""
    is_new = ExpressionWrapper(
        Q(published_at__gt=Now() - Value(timedelta(days=NEW_FOR_DAYS))), output_field=BooleanField()
    )
    return (
        SearchDocument.objects.filter(open_documents(), price_min__isnull=False)
        .defer("facets", "facet_ids", "text", "vector")
        .annotate(is_new=is_new)  # type: ignore[no-redef]
    )


def newest() -> QuerySet[SearchDocument]:
    return list_documents().order_by("-published_at", "product_id")[:LENGTH]


def most_reduced() -> QuerySet[SearchDocument]:
    """The largest share off first."""
    share = F("price_min") / F("compare_at_price")
    reduced = list_documents().filter(compare_at_price__gt=F("price_min")).filter(compare_at_price__gt=0)
    return reduced.order_by(share, "product_id")[:LENGTH]


def best_liked() -> QuerySet[SearchDocument]:
    return list_documents().order_by(F("popularity").desc(), F("rating").desc(nulls_last=True), "product_id")[:LENGTH]


def well_liked() -> list[Card]:
    """Two queries."""
    return build_cards(turn_documents(best_liked()))


def build_rails(rails: Sequence[Sequence[SearchDocument]]) -> list[list[Card]]:
    """Cards for several rows with one question about stock."""
    documents = [list(rail) for rail in rails]
    cards = iter(build_cards(turn_documents(document for rail in documents for document in rail)))
    return [[next(cards) for _ in rail] for rail in documents]
