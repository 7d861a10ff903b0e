"""Lay the cells that make a kit over a SKU, and refuse parts that the shop does not know."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import connection

from catalog.importing.kit_cells import COLUMN, PERCENT, write_components
from catalog.importing.rows import CLEAR, ProductRow, UnreadableCell
from catalog.importing.states import SkuState

_KNOWN = """
SELECT record.partner_sku, record.id, kit.stock_record_id IS NOT NULL,
       EXISTS (SELECT 1 FROM catalog_kitpart part WHERE part.component_id = record.id)
FROM partner_stockrecord record LEFT JOIN catalog_kit kit ON kit.stock_record_id = record.id
WHERE record.partner_sku = ANY(%s) AND record.partner_id = %s
"""


def _parts_of(row: ProductRow) -> tuple[tuple[str, int], ...]:
    return row.components if isinstance(row.components, tuple) else ()


class KnownParts:
    """What the shop knows of the SKUs that rows name as parts, and which SKUs of the batch come with it."""

    def __init__(self, rows: Iterable[ProductRow], *, partner_id: int | None) -> None:
        rows = list(rows)
        kits = [row for row in rows if isinstance(row.components, tuple)]
        named = {sku for row in kits for sku, _ in _parts_of(row)} | {row.sku for row in kits}
        self._facts: dict[str, tuple[int, bool, bool]] = {}
        if named:
            with connection.cursor() as cursor:
                cursor.execute(_KNOWN, (list(named), partner_id))
                self._facts = {sku: (pk, is_kit, is_part) for sku, pk, is_kit, is_part in cursor.fetchall()}
        self._arriving = {row.sku: isinstance(row.components, tuple) for row in rows}

    def check(self, row: ProductRow) -> None:
        """Raises UnreadableCell for parts that are unknown, or kits themselves."""
        assert isinstance(row.components, tuple)
        value = write_components(row.components)
        if self._facts.get(row.sku, (0, False, False))[2]:
            reason = "This SKU is a part of another kit. A kit holds single things, not other kits."
            raise UnreadableCell(column=COLUMN, value=value, reason=reason)
        for sku, _ in row.components:
            if sku == row.sku:
                reason = "A kit cannot be a part of itself. Name the single things inside."
            elif sku not in self._facts and sku not in self._arriving:
                reason = f"There is no SKU {sku[:60]} in the shop. Put the parts above the kit, or import them first."
            elif self._arriving.get(sku, self._facts.get(sku, (0, False, False))[1]):
                reason = f"{sku[:60]} is a kit itself. Name the single things inside it instead."
            else:
                continue
            raise UnreadableCell(column=COLUMN, value=value, reason=reason)


def merge_kit(row: ProductRow, *, was: SkuState | None, now: SkuState, parts: KnownParts | None) -> None:
    """Lay the kit's cells over the SKU. A price that follows the parts is not the file's to say. Raises UnreadableCell."""
    if row.components is CLEAR:
        now.components, now.kit_percent_off = (), None
    elif row.components is not None:
        if parts is not None:
            parts.check(row)
        now.components = row.components
    if row.kit_percent_off is CLEAR:
        now.kit_percent_off = None
    elif isinstance(row.kit_percent_off, Decimal):
        if not now.components:
            reason = "Only a kit has a percentage off its parts. Name its parts under components, or leave this empty."
            raise UnreadableCell(column=PERCENT, value=str(row.kit_percent_off), reason=reason)
        now.kit_percent_off = row.kit_percent_off
    if now.components and any(now.stock.values()):
        reason = "A kit has no stock of its own: leave its stock empty, and write off what is counted under this SKU."
        raise UnreadableCell(column="stock", value=str(sum(now.stock.values())), reason=reason)
    if now.kit_percent_off is not None and was is not None and was.kit_percent_off is not None:
        now.price = was.price
