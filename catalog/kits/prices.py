"""The price of a kit that follows its parts. It changes in the transaction that changes a part's price, never later."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import connection

from catalog.kits.contents import KitContents, contents_of

_FOLLOWING = """
SELECT kit.stock_record_id FROM catalog_kit kit
WHERE kit.percent_off IS NOT NULL AND (kit.stock_record_id = ANY(%s) OR EXISTS (
    SELECT 1 FROM catalog_kitpart part WHERE part.kit_id = kit.stock_record_id AND part.component_id = ANY(%s)))
"""


def kits_that_follow(stock_record_ids: Iterable[int]) -> set[int]:
    """Kits without a fixed price among these stock records, and those that hold one of them. One query."""
    ids = list(stock_record_ids)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWING, (ids, ids))
        return {row[0] for row in cursor.fetchall()}


def derive_prices(kit_ids: Iterable[int], *, new: Mapping[int, Decimal | None]) -> dict[int, Decimal | None]:
    """Prices by kit when the parts named in `new` cost what it says; None: not for sale. One query."""
    return {pk: _with(contents, new).derived_price for pk, contents in contents_of(kit_ids).items()}


def _with(contents: KitContents, new: Mapping[int, Decimal | None]) -> KitContents:
    parts = tuple(
        replace(part, price=new[part.stock_record_id]) if part.stock_record_id in new else part
        for part in contents.parts
    )
    return replace(contents, parts=parts)
