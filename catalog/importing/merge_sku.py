"""Lay a row's SKU columns over the SKU: GTIN, options, prices, stock."""

from typing import Any

from catalog.attributes.reading import UnknownAttribute
from catalog.importing.attribute_text import to_canonical
from catalog.importing.merge_kit import merge_kit
from catalog.importing.merge_product import MergeContext, reads_the_same
from catalog.importing.naming import make_code
from catalog.importing.ports import DEFAULT_LOCATION
from catalog.importing.rows import CLEAR, ProductRow, UnreadableCell
from catalog.importing.snapshot import Snapshot
from catalog.importing.states import ProductState, SkuState

AttributesGiven = dict[str, str | None]
"""Canonical text by code; None clears."""


def merge_sku(
    row: ProductRow, *, product: ProductState, snapshot: Snapshot, context: MergeContext
) -> tuple[SkuState | None, SkuState]:
    """What the SKU was before the row (None: it is new) and what the row makes of it. Raises UnreadableCell."""
    was = product.skus.get(row.sku) or snapshot.skus.get(row.sku)
    if was is not None and was.handle != row.handle:
        reason = (
            f"This SKU belongs to the product “{was.handle}”. Correct the handle or the SKU; an import moves no SKU."
        )
        raise UnreadableCell(column="sku", value=row.sku, reason=reason)
    if was is None and row.price is None:
        reason = "This SKU is new to the shop, so that it needs a price. Fill in the cell."
        raise UnreadableCell(column="price", value="", reason=reason)
    now = was.clone() if was else SkuState(id=None, stock_record_id=None, sku=row.sku, handle=row.handle)
    now.currency = row.currency or now.currency or context.currency
    if was is not None and now.currency != was.currency and row.price is None:
        reason = f"The SKU is priced in {was.currency}. Give a price in {now.currency} with the new currency."
        raise UnreadableCell(column="currency", value=now.currency, reason=reason)
    for name in ("price", "compare_at_price", "cost", "weight_kg"):
        _take(now, name, getattr(row, name), cleared=None)
    _take(now, "tax_class", row.tax_class, cleared="standard")
    _take(now, "gtin", row.gtin, cleared=None)
    _check_gtin(now, was=was, snapshot=snapshot)
    _merge_options(row, now=now, product=product)
    _merge_stock(row, now=now, context=context)
    merge_kit(row, was=was, now=now, parts=context.parts)
    if now.gtin:
        snapshot.gtin_owners[now.gtin] = was.id if was and was.id else -row.line
    return was, now


def read_attributes(row: ProductRow, *, product: ProductState, context: MergeContext) -> AttributesGiven:
    """The attribute columns of a row that say something. Raises UnreadableCell."""
    options, found = {make_code(name) for name, _ in row.options}, {}
    for code, text in row.attributes.items():
        column = f"attribute:{code}"
        if text is None:
            continue
        if code in options:
            reason = "This attribute is also an option of the row. Keep the option, and leave this cell empty."
            raise UnreadableCell(column=column, value=str(text), reason=reason)
        try:
            rule = context.vocabulary.rule(product.product_class, code)
        except UnknownAttribute as problem:
            raise UnreadableCell(column=column, value=code, reason=str(problem)) from problem
        found[code] = None if text is CLEAR else to_canonical(text, rule=rule, column=column) or None
    return found


def _take(state: SkuState, name: str, value: Any, *, cleared: Any) -> None:
    if value is not None:
        setattr(state, name, cleared if value is CLEAR else value)


def _check_gtin(now: SkuState, *, was: SkuState | None, snapshot: Snapshot) -> None:
    owner = snapshot.gtin_owners.get(now.gtin or "")
    if owner is not None and (was is None or owner != was.id):
        reason = "Another product has this GTIN. A GTIN belongs to one thing that is sold; correct one of the two."
        raise UnreadableCell(column="gtin", value=now.gtin or "", reason=reason)


def _merge_options(row: ProductRow, *, now: SkuState, product: ProductState) -> None:
    if not row.options:
        return
    now.options = {make_code(name): value for name, value in row.options}
    held = product.skus.get(row.sku)
    if held is not None and all(reads_the_same(held.options.get(code, ""), text) for code, text in now.options.items()):
        now.options = dict(held.options)
    for sku, other in product.skus.items():
        if sku != row.sku and other.options == now.options:
            values = ", ".join(now.options.values())
            reason = f"SKU {sku[:120]} of the same product has the options {values} already. Change one of the two."
            raise UnreadableCell(column="option1_value", value=values, reason=reason)


def _merge_stock(row: ProductRow, *, now: SkuState, context: MergeContext) -> None:
    codes = context.location_codes
    if row.stock is None:
        return
    if row.location and codes is not None and row.location not in codes:
        reason = f"There is no location {row.location[:40]}. Expected one of: {', '.join(codes)[:200] or 'none yet'}."
        raise UnreadableCell(column="location", value=row.location, reason=reason)
    now.stock_reason = row.stock_reason
    now.stock = {**now.stock, row.location or (codes[0] if codes else DEFAULT_LOCATION): row.stock}
