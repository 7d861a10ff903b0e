"""Give products a window in which they are shown."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from catalog.publication.instants import write_local
from catalog.publication.records import Publication
from catalog.search.index import refresh_documents


class PublicationRefused(ValueError):
    """A window that cannot be; the message is the sentence to show."""


def check_window(publish_from: datetime | None, publish_to: datetime | None) -> None:
    """Raises PublicationRefused for one that ends before it begins."""
    if publish_from is not None and publish_to is not None and publish_to <= publish_from:
        raise PublicationRefused(
            f"The product would be taken off on {write_local(publish_to).replace('T', ' at ')}, before it is shown on "
            f"{write_local(publish_from).replace('T', ' at ')}. Move one of the two."
        )


def schedule_products(
    product_ids: Sequence[int],
    *,
    publish_from: datetime | None,
    publish_to: datetime | None,
    refresh: bool = True,
) -> None:
    """Show these listed products from an instant, until just before another; None leaves an end open.

    Whether they are public at all is told by `is_public`. With `refresh=False` the caller refreshes the documents.
    """
    check_window(publish_from, publish_to)
    with transaction.atomic():
        Publication.objects.bulk_create(
            [
                Publication(product_id=product_id, publish_from=publish_from, publish_to=publish_to)
                for product_id in sorted(set(product_ids))
            ],
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=["publish_from", "publish_to"],
        )
        if refresh:
            refresh_documents(product_ids)


_SHOW = """
UPDATE catalogue_product product SET is_public = %(shown)s, date_updated = now()
WHERE product.id = ANY(%(ids)s) AND product.parent_id IS NULL AND product.is_public IS DISTINCT FROM %(shown)s
RETURNING product.id
"""


def show_products(product_ids: Sequence[int], *, is_public: bool) -> list[int]:
    """Make listed products public, or hide them; returns which changed. Their windows stay as they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SHOW, {"ids": list(product_ids), "shown": is_public})
        changed = [row[0] for row in cursor.fetchall()]
        refresh_documents(changed)
    return sorted(changed)
