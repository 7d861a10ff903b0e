"""Lay a row's pictures, and the words that describe each, over product and SKU."""

from collections.abc import Sequence
from typing import Any

from catalog.importing.merge_product import MergeContext
from catalog.importing.picture_cells import check_count
from catalog.importing.rows import CLEAR, Names, ProductRow
from catalog.importing.states import ALT_LENGTH, ProductState, SkuState

Digests = Sequence[str | None]
Said = dict[str, Any]
"""By digest: words, or CLEAR."""


def merge_pictures(row: ProductRow, *, product: ProductState, sku: SkuState, context: MergeContext) -> None:
    """Names of pictures that cannot be had are left out; when none can be had, what the shop shows stays.

    A picture keeps its words unless the row has others. The product's title describes one that is new, and one whose words
    are cleared. Texts of a row that names no pictures are those of what the shop shows, in its order. Raises UnreadableCell.
    """
    if row.images is None and row.gallery is None and row.image_alts is None:
        return
    own, gallery = _find_pictures(row.images, context), _find_pictures(row.gallery, context)
    said_of_own, said_of_all = _read_said(row, product=product, sku=sku, context=context)
    if product.is_parent:
        _put(sku, own, said_of_own, title=product.title)
        _put(product, gallery, said_of_all, title=product.title)
    else:
        shown = own if gallery is None else tuple(dict.fromkeys((*(own or ()), *gallery)))
        _put(product, shown, said_of_all | said_of_own, title=product.title)


def _put(state: ProductState | SkuState, pictures: tuple[str, ...] | None, said: Said, *, title: str) -> None:
    if pictures is None and not said:
        return
    shown = state.pictures if pictures is None else pictures
    alts = {}
    for digest in shown:
        words, held = said.get(digest), state.alts.get(digest)
        if words is None or (held is not None and words == " ".join(held.split())):
            words = held
        alts[digest] = title[:ALT_LENGTH] if words is None or words is CLEAR else words
    state.pictures, state.alts = shown, alts


def _read_said(row: ProductRow, *, product: ProductState, sku: SkuState, context: MergeContext) -> tuple[Said, Said]:
    """(of the SKU's own pictures, of the whole product's)."""
    texts = row.image_alts
    if texts is None:
        return {}, {}
    own: Digests = sku.pictures if product.is_parent else ()
    whole: Digests = product.pictures
    if row.images is not None or row.gallery is not None:
        own, whole = (
            [context.pictures.get(name) for name in names] if isinstance(names, tuple) else ()
            for names in (row.images, row.gallery)
        )
    if not isinstance(texts, tuple):
        return dict.fromkeys(filter(None, own), CLEAR), dict.fromkeys(filter(None, whole), CLEAR)
    check_count(texts, pictures=len(own) + len(whole))
    return _pair(own, texts[: len(own)]), _pair(whole, texts[len(own) :])


def _pair(digests: Digests, texts: Sequence[str]) -> Said:
    """Of a picture that is named twice the first words."""
    said: Said = {}
    for digest, words in zip(digests, texts, strict=False):
        if digest and words:
            said.setdefault(digest, words)
    return said


def _find_pictures(names: Names, context: MergeContext) -> tuple[str, ...] | None:
    if names is None:
        return None
    if not isinstance(names, tuple) or not names:
        return ()
    return tuple(dict.fromkeys(context.pictures[name] for name in names if name in context.pictures)) or None
