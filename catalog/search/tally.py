"""How many listed products each category has of each facet value, counted when products are written and not when they
are shown.

Triggers on `catalog_searchdocument` append what every statement adds and takes away, in the writer's transaction: nobody
waits for anybody, and the sum is exact for whoever reads, whatever wrote. Now and then the rows are folded into their
sums. Products with a window that may yet open or close (`TIMED`) are left out, and counted when they are shown.
"""

from typing import Final

from django.db import connection, models, transaction

WHOLE_SHOP: Final = 0
"""Stands for the category of everything; facet value 0 stands for the products themselves."""
TIMED: Final = "(document.publish_to IS NOT NULL OR document.publish_from > document.indexed_at)"
"""Over `catalog_searchdocument document`. The triggers hold its opposite."""
_FOLD_LOCK: Final = 0x1AB


class ListTally(models.Model):
    """So many products more, or fewer; the sum of the rows of a category and a facet value counts."""

    category_id = models.IntegerField()
    facet_id = models.IntegerField()
    products = models.IntegerField()

    class Meta:
        verbose_name = "tally of a list"
        indexes = [
            models.Index(fields=["category_id", "facet_id"], include=["products"], name="catalog_tally_list"),
        ]

    def __str__(self) -> str:
        return f"category {self.category_id}, facet {self.facet_id}: {self.products:+}"


_FOLD = """
WITH gone AS (DELETE FROM catalog_listtally RETURNING category_id, facet_id, products)
INSERT INTO catalog_listtally (category_id, facet_id, products)
SELECT category_id, facet_id, sum(products) FROM gone GROUP BY category_id, facet_id HAVING sum(products) <> 0
ORDER BY category_id, facet_id
"""
_IS_SPREAD = "SELECT count(*) > 1.2 * count(DISTINCT (category_id, facet_id)) FROM catalog_listtally"

# One statement sees one instant: the documents, and the rows that their writers appended up to it. Those of later writers
# stay beside the new sums.
_RECOUNT = f"""
WITH gone AS (DELETE FROM catalog_listtally)
INSERT INTO catalog_listtally (category_id, facet_id, products)
SELECT category_id, facet_id, count(*) FROM (
    SELECT category_id, unnest(facet_ids || 0) AS facet_id FROM (
        SELECT unnest(category_ids || {WHOLE_SHOP}) AS category_id, facet_ids FROM catalog_searchdocument document
        WHERE {TIMED} IS NOT TRUE) AS listed) AS each
GROUP BY category_id, facet_id ORDER BY category_id, facet_id
"""


def recount_lists() -> None:
    """From the documents themselves; whoever writes products goes on meanwhile, whoever folds is waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_FOLD_LOCK,))
        cursor.execute(_RECOUNT)


def fold_tally() -> bool:
    """Write the sums in place of their addends; safe at any time. False: there was little to fold, or somebody is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", (_FOLD_LOCK,))
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_IS_SPREAD)
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_FOLD)
    return True
