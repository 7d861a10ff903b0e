"""A row laid over product and SKU together, and what follows once all rows of a product are known."""

from catalog.importing.merge_facts import merge_facts
from catalog.importing.merge_pictures import merge_pictures
from catalog.importing.merge_product import Given, MergeContext, merge_product, reads_the_same
from catalog.importing.merge_sku import AttributesGiven, merge_sku, read_attributes
from catalog.importing.ports import DEFAULT_LOCATION
from catalog.importing.rows import CLEAR, ProductRow, UnreadableCell
from catalog.importing.snapshot import Snapshot
from catalog.importing.states import ProductState, SkuState


def merge_row(
    row: ProductRow, *, product: ProductState, given: Given, snapshot: Snapshot, context: MergeContext
) -> tuple[SkuState | None, SkuState, AttributesGiven]:
    """The SKU before and after, and the attributes the row gives. Product and SKU change together or not at all.

    Raises UnreadableCell.
    """
    trial, said = product.clone(), dict(given)
    merge_product(row, product=trial, given=said, context=context)
    was, now = merge_sku(row, product=trial, snapshot=snapshot, context=context)
    if row.stock is not None:
        place = f"{row.sku} at {row.location or (context.location_codes or [DEFAULT_LOCATION])[0]}"
        if place in said:
            reason = f"Line {said[place][1]} counts this SKU at the same location already. Remove one of the two."
            raise UnreadableCell(column="location", value=row.location or "", reason=reason)
        said[place] = (row.stock, row.line)
    _merge_texts(row, product=trial, sku=now, said=said)
    merge_pictures(row, product=trial, sku=now, context=context)  # Once it is known what the product is called.
    merge_facts(row, product=trial, sku=now, said=said, names=context.names)
    attributes = read_attributes(row, product=trial, context=context)
    product.take_from(trial)
    given.update(said)
    return was, now, attributes


def _merge_texts(row: ProductRow, *, product: ProductState, sku: SkuState, said: Given) -> None:
    """Title and description are the product's; a later row that says something else says it of its variant."""
    for name in ("title", "description"):
        value = getattr(row, name)
        if value is None:
            continue
        text = "" if value is CLEAR else value
        own, is_first = getattr(sku, name), name not in said
        said.setdefault(name, (value, row.line))
        if reads_the_same(own or getattr(product, name), text):
            continue
        if not product.is_parent or (is_first and not own):
            setattr(product, name, text)
        else:
            setattr(sku, name, "" if reads_the_same(getattr(product, name), text) else text)


def settle_attributes(merged: list[tuple[SkuState, AttributesGiven]], *, product: ProductState) -> None:
    """A value that all rows share is the product's; values that differ belong to the variants.

    What already differs between the variants in the shop stays theirs.
    """
    wanted: dict[str, list[tuple[SkuState, str | None]]] = {}
    for sku, given in merged:
        for code, text in given.items():
            wanted.setdefault(code, []).append((sku, text))
    for code, texts in wanted.items():
        is_held = product.is_parent and any(code in sku.attributes for sku in product.skus.values())
        if not is_held and len({text for _, text in texts}) == 1:
            _put(product.attributes, code, texts[0][1])
            continue
        for sku, text in texts:
            if sku.attributes.get(code, product.attributes.get(code)) != text:
                _put(sku.attributes, code, text)


def settle_publication(merged: list[tuple[ProductRow, SkuState]], *, product: ProductState) -> None:
    """A SKU is shown when it and its product are. Nothing is shown that the rows don't show, nor hidden beside them."""
    if not product.is_parent:
        row, sku = merged[-1]
        wanted = row.published if row.published is not None else product.published or product.id is None
        product.published = sku.published = wanted
        return
    shown = {id(sku): product.published and sku.published for _, sku in merged}
    for row, sku in merged:
        is_new = sku.id is None
        wanted = row.published if row.published is not None else (True if is_new else shown[id(sku)])
        if wanted != shown[id(sku)] or is_new:
            sku.published = wanted
            if wanted and not product.published:
                _show_product(product, but_not={id(other) for _, other in merged})
        shown[id(sku)] = wanted
    if product.published:
        for _, sku in merged:
            sku.published = shown[id(sku)]


def _show_product(product: ProductState, *, but_not: set[int]) -> None:
    """Variants that the rows don't name were hidden with the product and stay hidden."""
    for sku in product.skus.values():
        if id(sku) not in but_not:
            sku.published = False
    product.published = True


def _put(attributes: dict[str, str], code: str, text: str | None) -> None:
    if text is None:
        attributes.pop(code, None)
    elif not reads_the_same(attributes.get(code, ""), text):
        attributes[code] = text
