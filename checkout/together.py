"""What is bought, and what with what: counted anew each night from paid orders, written where the catalogue reads it."""

from typing import Final

from django.db import connection, transaction

from catalog.search.popularity import set_popularity
from catalog.together import MOST_PER_PRODUCT, replace_bought_together

DAYS: Final = 365
LONGEST_ORDER: Final = 60
"""An order of more lines says little about what goes with what, and its pairs are many."""

_PAIRS = """
WITH sold AS (
    SELECT DISTINCT line.order_id, COALESCE(product.parent_id, product.id) AS product_id
    FROM order_line line
    JOIN order_order head ON head.id = line.order_id
    JOIN checkout_placedorder placed ON placed.order_id = head.id
    JOIN catalogue_product product ON product.id = line.product_id
    WHERE placed.paid_at > now() - make_interval(days => %(days)s) AND head.status <> 'cancelled'
), small AS (
    SELECT order_id FROM sold GROUP BY order_id HAVING count(*) BETWEEN 2 AND %(longest)s
), counted AS (
    SELECT one.product_id, other.product_id AS other_id, count(*) AS orders
    FROM small JOIN sold one USING (order_id) JOIN sold other USING (order_id)
    WHERE one.product_id <> other.product_id GROUP BY 1, 2
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY orders DESC, other_id) AS place FROM counted
)
SELECT product_id, other_id, orders FROM ranked WHERE place <= %(most)s
"""
_UNITS = """
SELECT line.product_id, sum(line.quantity)::bigint
FROM order_line line
JOIN order_order head ON head.id = line.order_id
JOIN checkout_placedorder placed ON placed.order_id = head.id
WHERE placed.paid_at > now() - interval '90 days' AND head.status <> 'cancelled' AND line.product_id IS NOT NULL
GROUP BY line.product_id
"""


def count_units_sold() -> int:
    """Of the last 90 days; answers how many products' popularity changed. Safe at any time and twice."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_UNITS)
            units = dict(cursor.fetchall())
        return set_popularity(units)


def count_bought_together() -> int:
    """Orders of the last DAYS days; answers how many pairs changed. Safe at any time and twice."""
    with transaction.atomic():
        return replace_bought_together(_read_pairs())


def _read_pairs() -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"days": DAYS, "longest": LONGEST_ORDER, "most": MOST_PER_PRODUCT})
        return cursor.fetchall()
