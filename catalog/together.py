"""What is bought together, told each night by the room that knows orders."""

from collections.abc import Sequence
from typing import Final

from django.db import connection, models, transaction
from oscar.apps.catalogue.models import Product

MOST_PER_PRODUCT: Final = 12


class BoughtTogether(models.Model):
    """`other` was in `orders` of the orders that had `product`. Listed products only, at most MOST_PER_PRODUCT each."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    orders = models.PositiveIntegerField()

    class Meta:
        verbose_name = "bought together"
        verbose_name_plural = "bought together"
        constraints = [
            models.UniqueConstraint(fields=["product", "other"], name="catalog_together_once"),
            models.CheckConstraint(condition=~models.Q(product=models.F("other")), name="catalog_together_differ"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} with {self.other_id}"


# A product may have been deleted since the orders were read.
_REPLACE = """
WITH told AS (
    SELECT given.product_id, given.other_id, given.orders
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS given (product_id, other_id, orders)
    JOIN catalogue_product product ON product.id = given.product_id
    JOIN catalogue_product other ON other.id = given.other_id
), gone AS (
    DELETE FROM catalog_boughttogether known WHERE NOT EXISTS (
        SELECT 1 FROM told WHERE (told.product_id, told.other_id) = (known.product_id, known.other_id))
)
INSERT INTO catalog_boughttogether AS known (product_id, other_id, orders)
SELECT product_id, other_id, orders FROM told ORDER BY product_id, other_id
ON CONFLICT (product_id, other_id) DO UPDATE SET orders = EXCLUDED.orders WHERE known.orders <> EXCLUDED.orders
"""


@transaction.atomic
def replace_bought_together(pairs: Sequence[tuple[int, int, int]]) -> int:
    """The whole new truth: (product, other, orders), both ways round; answers how many rows changed or are new."""
    columns = [list(column) for column in zip(*pairs, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalog.together', 0))")
        cursor.execute(_REPLACE, columns)
        return int(cursor.rowcount)
