"""Plans made ahead of their turn: of products that the shop does not know, which the rows alone decide.

While the database is busy with one batch, the thread that reads the next one plans it. Whether the shop still knows none
of it is asked when it is written, under the lock of whoever writes; otherwise it is planned anew.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from catalog.importing.merge_product import MergeContext
from catalog.importing.plan import Plan, make_plan
from catalog.importing.rows import ProductRow
from catalog.importing.snapshot import Snapshot

_KNOWS_HANDLE = "SELECT EXISTS (SELECT 1 FROM catalogue_product WHERE slug = ANY(%s) AND parent_id IS NULL)"
_KNOWS = """
SELECT EXISTS (SELECT 1 FROM catalogue_product WHERE slug = ANY(%s) AND parent_id IS NULL)
    OR EXISTS (SELECT 1 FROM partner_stockrecord WHERE partner_sku = ANY(%s) AND partner_id = %s)
    OR EXISTS (SELECT 1 FROM catalogue_product WHERE upc = ANY(%s))
"""


def knows_handles(handles: Iterable[str]) -> bool:
    """A hint, asked ahead of time. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWS_HANDLE, (list(handles),))
        return bool(cursor.fetchone()[0])


def knows_any(rows: Sequence[ProductRow], *, partner_id: int | None) -> bool:
    """Whether a snapshot for these rows would hold anything. One query."""
    handles = {row.handle for row in rows}
    gtins = {row.gtin for row in rows if isinstance(row.gtin, str)}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWS, (list(handles), [row.sku for row in rows], partner_id, list(gtins)))
        return bool(cursor.fetchone()[0])


def foresee_plan(rows: Sequence[ProductRow], *, context: MergeContext) -> Plan | None:
    """Asks the database nothing; None when the rows name what would have to be looked up (pictures, parts, files), or leave
    their handle to the shop.
    """
    for row in rows:
        if not row.handle or row.images or row.gallery or row.facts or row.components is not None:
            return None
    return make_plan(rows, snapshot=Snapshot(), context=context) if rows else None
