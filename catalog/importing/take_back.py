"""What returns to its before-image, and what has to be left alone because somebody changed it since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.importing.plan import Change
from catalog.importing.records import ImportChange, ImportRun
from catalog.importing.remove import find_needed
from catalog.importing.snapshot import Snapshot, take_snapshot
from catalog.importing.states import (
    LATER_FIELDS,
    PRODUCT_FIELDS,
    SKU_FIELDS,
    ProductState,
    SkuState,
    fill_from_image,
    image_of,
)

Changes = tuple[list[Change], list[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """A product or SKU that is not what the import made of it: these fields were changed since."""

    subject: str
    identifier: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class UndoReport:
    """Counts products and SKUs. `withdrawn` SKUs were created by the import, are needed by now, and are off sale."""

    import_id: int
    undo_of: int
    restored: int = 0
    removed: int = 0
    withdrawn: int = 0
    left_alone: list[LeftAlone] = field(default_factory=list)


def take_back_skus(batch: Iterable[ImportChange], *, run: ImportRun, partner_id: int, report: UndoReport) -> Changes:
    """(their products, the SKUs), as changes to write."""
    images = {change.identifier: _complete(change) for change in batch}
    handles = {_image(change)["handle"] for change in images.values()}
    snapshot = take_snapshot(handles=handles, skus=images, gtins=(), partner_id=partner_id)
    needed = find_needed(snapshot.skus[sku] for sku in images if sku in snapshot.skus)
    touched = _find_touched_products(handles, run=run, snapshot=snapshot)
    skus: list[Change] = []
    for sku, image in images.items():
        current = snapshot.skus.get(sku)
        if current is not None and image.before is None and current.handle in touched:
            report.left_alone.append(LeftAlone(subject="sku", identifier=sku, fields=("product",)))
        elif _is_untouched(image, current, names=SKU_FIELDS, report=report):
            skus.append(_take_back_sku(image, current, is_needed=sku in needed, report=report))
    owners = dict.fromkeys((change.after or change.before).handle for change in skus)
    products = [snapshot.products[handle] for handle in owners if handle in snapshot.products]
    for change in skus:
        if (
            change.before is not None
            and change.after is not None
            and not snapshot.products[change.after.handle].is_parent
        ):
            snapshot.products[change.after.handle].published = change.after.published
    return [Change(before=product, after=product) for product in products], skus


def take_back_products(
    batch: Iterable[ImportChange], *, run: ImportRun, partner_id: int, report: UndoReport
) -> Changes:
    images = {change.identifier: _complete(change) for change in batch}
    snapshot = take_snapshot(handles=images, skus=(), gtins=(), partner_id=partner_id)
    products: list[Change] = []
    for handle, image in images.items():
        current = snapshot.products.get(handle)
        if image.before is None and current is not None and current.skus:
            _withdraw_product(current, report=report, products=products)
        elif _is_untouched(image, current, names=PRODUCT_FIELDS, report=report):
            products.append(_take_back_product(image, current, report=report))
    return products, []


def _find_touched_products(handles: Iterable[str], *, run: ImportRun, snapshot: Snapshot) -> set[str]:
    """Products that the import created and somebody changed since: their SKUs have to stay."""
    made = run.changes.filter(subject="product", identifier__in=list(handles), before__isnull=True)
    return {
        image.identifier
        for image in made
        if image.identifier in snapshot.products
        and _changed_since(image, snapshot.products[image.identifier], names=PRODUCT_FIELDS)
    }


def _is_untouched(
    image: ImportChange, current: ProductState | SkuState | None, *, names: tuple[str, ...], report: UndoReport
) -> bool:
    """False for what is left alone, which is reported, and for what is as it was before already, which is not."""
    if not image.after:
        fields: tuple[str, ...] = () if current is None else ("exists again",)
        is_back = False
    elif current is None:
        fields, is_back = ("removed",), image.before is None
    else:
        fields = _changed_since(image, current, names=names)
        is_back = image.before is not None and _is_as(image.before, current, names=_list_changed(image, names))
    if is_back:
        return False
    if fields:
        report.left_alone.append(LeftAlone(subject=image.subject, identifier=image.identifier, fields=fields))
    return not fields


def _list_changed(image: ImportChange, names: Iterable[str]) -> list[str]:
    """Only these are taken back: what became of the others since is nothing to the import."""
    before: Mapping[str, Any] = image.before or {}
    return [name for name in names if not _is_same(before[name], image.after[name])]


def _changed_since(image: ImportChange, current: ProductState | SkuState, *, names: tuple[str, ...]) -> tuple[str, ...]:
    """Only the fields that the import changed count."""
    now = image_of(current)
    return tuple(
        name
        for name in names
        if (image.before is None or not _is_same(image.before[name], image.after[name]))
        and not _is_same(now[name], image.after[name])
    )


def _is_as(image: Mapping[str, Any], current: ProductState | SkuState, *, names: Iterable[str]) -> bool:
    now = image_of(current)
    return all(_is_same(now[name], image[name]) for name in names)


def _complete(change: ImportChange) -> ImportChange:
    """An image that is older than a field of today says what the field meant then."""
    change.before = change.before and {**LATER_FIELDS, **change.before}
    change.after = change.after and {**LATER_FIELDS, **change.after}
    return change


def _image(change: ImportChange) -> dict[str, Any]:
    """What the import made of it; of what it removed, what was there before."""
    return change.after or change.before or {}


def _is_same(one: Any, other: Any) -> bool:
    """No units at a location and no level there are the same. Categories come in any order, and spelt in any case."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: value for key, value in one.items() if value} == {
            key: value for key, value in other.items() if value
        }
    if isinstance(one, list) and isinstance(other, list) and one and isinstance(one[0], list):
        return sorted(map(_fold, one)) == sorted(map(_fold, other))
    return bool(one == other)


def _fold(names: list[str]) -> list[str]:
    return [str(name).casefold() for name in names]


def _take_back_sku(image: ImportChange, current: SkuState | None, *, is_needed: bool, report: UndoReport) -> Change:
    if current is None:
        state = SkuState(id=None, stock_record_id=None, sku=image.identifier, handle=_image(image)["handle"])
        fill_from_image(state, _image(image), fields=SKU_FIELDS)
        report.restored += 1
        return Change(before=None, after=state)
    if image.before is not None:
        state = current.clone()
        changed = tuple(_list_changed(image, SKU_FIELDS))
        fill_from_image(state, image.before, fields=changed)
        state.stock = {code: state.stock.get(code, 0) for code in {**current.stock, **state.stock}}
        report.restored += 1
        return Change(before=current, after=state)
    if is_needed:
        state = current.clone()
        state.published, state.stock = False, dict.fromkeys(current.stock, 0)
        report.withdrawn += 1
        return Change(before=current, after=state)
    report.removed += 1
    return Change(before=current, after=None)


def _take_back_product(image: ImportChange, current: ProductState | None, *, report: UndoReport) -> Change:
    if current is None:
        state = ProductState(id=None, handle=image.identifier)
        fill_from_image(state, _image(image), fields=PRODUCT_FIELDS)
        report.restored += 1
        return Change(before=None, after=state)
    if image.before is None:
        report.removed += 1
        return Change(before=current, after=None)
    state = current.clone()
    changed = tuple(_list_changed(image, PRODUCT_FIELDS))
    fill_from_image(state, image.before, fields=changed)
    report.restored += 1
    return Change(before=current, after=state)


def _withdraw_product(current: ProductState, *, report: UndoReport, products: list[Change]) -> None:
    """Created by the import, but some of its SKUs stay: hidden when all of them are, left alone otherwise."""
    if any(sku.published for sku in current.skus.values()):
        report.left_alone.append(LeftAlone(subject="product", identifier=current.handle, fields=("skus",)))
        return
    state = current.clone()
    state.published = False
    products.append(Change(before=current, after=state))
