"""Whether a product is in the shop now: one definition, as SQL and as query expressions, by the database's clock.

A *listed* product may be shown (public, not archived, not kept out by the law): it has a search document. It is
*open* while its window is.
"""

from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from catalog.publication.records import Publication
from catalog.safety.gate import IsWithheld, withheld_sql

OPEN_DOCUMENT: Final = (
    "(document.publish_from IS NULL OR document.publish_from <= now())"
    " AND (document.publish_to IS NULL OR document.publish_to > now())"
)
"""For SQL over `catalog_searchdocument document`. Every list, count and suggestion holds it."""


def open_documents() -> Q:
    """The same as a filter for query sets of search documents."""
    return (Q(publish_from__isnull=True) | Q(publish_from__lte=Now())) & (
        Q(publish_to__isnull=True) | Q(publish_to__gt=Now())
    )


def listed_sql(alias: str) -> str:
    """Over a row of `catalogue_product` that is stand-alone or a parent; the window is left out."""
    return (
        f"({alias}.is_public AND NOT EXISTS (SELECT 1 FROM catalog_publication shut"
        f" WHERE shut.product_id = {alias}.id AND shut.archived_at IS NOT NULL) AND NOT "
        + withheld_sql(f"{alias}.id")
        + ")"
    )


def published_sql(alias: str) -> str:
    """Over a row of `catalogue_product` that is stand-alone or a parent: whether shoppers see it now."""
    return (
        f"({alias}.is_public AND NOT EXISTS (SELECT 1 FROM catalog_publication shut"
        f" WHERE shut.product_id = {alias}.id AND (shut.archived_at IS NOT NULL"
        " OR shut.publish_from > now() OR shut.publish_to <= now())) AND NOT " + withheld_sql(f"{alias}.id") + ")"
    )


def is_published(path: str = "") -> Q:
    """For query sets that reach a product (or variant) by `path`, such as `product`; "" is the product itself.

    A variant is in the shop together with its parent.
    """
    reach = f"{path}__" if path else ""
    owner = Coalesce(OuterRef(f"{reach}parent_id"), OuterRef(f"{reach}pk"))
    shut = Publication.objects.filter(product_id=owner).filter(
        Q(archived_at__isnull=False) | Q(publish_from__gt=Now()) | Q(publish_to__lte=Now())
    )
    is_shown = Q(**{f"{reach}parent__isnull": True}) | Q(**{f"{reach}parent__is_public": True})
    return Q(**{f"{reach}is_public": True}) & is_shown & ~Q(Exists(shut)) & ~Q(IsWithheld(owner))


# Two index look-ups, however many products have a window.
_NEXT_CHANGE = """
SELECT LEAST((SELECT min(publish_from) FROM catalog_publication WHERE publish_from > now()),
             (SELECT min(publish_to) FROM catalog_publication WHERE publish_to > now()))
"""


def next_publication_change() -> datetime | None:
    """The next instant at which a product opens or closes by itself; None when none will. One query.

    What is remembered of a page is good until then, unless somebody writes before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_CHANGE)
        return cursor.fetchone()[0]
