"""Lay the fact columns of a row over product and SKU, and refuse names that the shop does not know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oscar.apps.catalogue.models import ProductClass

from catalog.digital.records import DigitalFile
from catalog.importing.fact_cells import FILES, LOGISTICS, SHARED, WHOLE_FILES, split_names
from catalog.importing.rows import CLEAR, ProductRow, UnreadableCell
from catalog.importing.states import ProductState, SkuState
from catalog.personal.records import TextRule
from catalog.publication.instants import read_instant
from catalog.publication.schedule import PublicationRefused, check_window

Given = dict[str, tuple[object, int]]


@dataclass(slots=True)
class KnownNames:
    """Which personalisations, files and digital classes there are; asked only when rows name some."""

    texts: Mapping[str, int] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    classes: Mapping[str, bool] = field(default_factory=dict)


def know_names(rows: Iterable[ProductRow]) -> KnownNames:
    named: dict[str, set[str]] = {"personalisation": set(), FILES: set()}
    for row in rows:
        for column, text in row.facts.items():
            if isinstance(text, str) and column in ("personalisation", FILES, WHOLE_FILES):
                named["personalisation" if column == "personalisation" else FILES].update(split_names(text))
    known = KnownNames()
    if named["personalisation"]:
        rules = TextRule.objects.filter(option__name__in=named["personalisation"]).order_by("-pk")
        known.texts = dict(rules.values_list("option__name", "pk"))
    if named[FILES]:
        known.files = frozenset(DigitalFile.objects.filter(name__in=named[FILES]).values_list("name", flat=True))
        kinds = ProductClass.objects.order_by("-id").values_list("name", "requires_shipping", "track_stock")
        known.classes = {name: not (travels or counted) for name, travels, counted in kinds}
    return known


def merge_facts(row: ProductRow, *, product: ProductState, sku: SkuState, said: Given, names: KnownNames) -> None:
    """Raises UnreadableCell."""
    if not row.facts:
        return
    _check_names(row, product=product, names=names)
    for column in SHARED:
        _share(row, column, product=product, said=said)
    _check_window(row, product=product)
    for column in LOGISTICS:
        text = row.facts.get(column)
        if text is CLEAR:
            sku.facts.pop(column, None)
        elif text is not None and text != (
            sku.facts.get(column) or (product.facts.get(column) if product.is_parent else "")
        ):
            sku.facts[column] = text
    own, whole = row.facts.get(FILES), row.facts.get(WHOLE_FILES)
    if own is not None:
        _put(sku.facts, own)
    if whole is not None:
        if product.is_parent:
            _put(product.facts, whole)
        else:
            together = dict.fromkeys([*split_names(sku.facts.get(FILES, "")), *split_names(str(whole))])
            _put(sku.facts, "|".join(together))


def _share(row: ProductRow, column: str, *, product: ProductState, said: Given) -> None:
    value = row.facts.get(column)
    if value is None:
        return
    if column in said and said[column][0] != value:
        reason = (
            f"Line {said[column][1]} gives the same product another {column}. "
            "Rows that share a handle are variants of one product; make them agree, or change the handle."
        )
        raise UnreadableCell(column=column, value=str(value), reason=reason)
    said.setdefault(column, (value, row.line))
    if value is CLEAR or not value:
        product.facts.pop(column, None)
    elif str(value).split() != product.facts.get(column, "").split():
        product.facts[column] = str(value)


def _put(facts: dict[str, str], text: object) -> None:
    if text is CLEAR or not text:
        facts.pop(FILES, None)
    else:
        facts[FILES] = str(text)


def _check_window(row: ProductRow, *, product: ProductState) -> None:
    begins, ends = (product.facts.get(name) for name in ("publish_from", "publish_to"))
    try:
        check_window(read_instant(begins) if begins else None, read_instant(ends) if ends else None)
    except PublicationRefused as refusal:
        raise UnreadableCell(column="publish_to", value=ends or "", reason=str(refusal)) from refusal


def _check_names(row: ProductRow, *, product: ProductState, names: KnownNames) -> None:
    texts = row.facts.get("personalisation")
    for name in split_names(texts) if isinstance(texts, str) else ():
        if name not in names.texts:
            reason = (
                f"There is no personalisation “{name[:60]}”. Make it under Personalisation first, or correct the name."
            )
            raise UnreadableCell(column="personalisation", value=str(texts), reason=reason)
    for column in (FILES, WHOLE_FILES):
        text = row.facts.get(column)
        for name in split_names(text) if isinstance(text, str) else ():
            if name not in names.files:
                reason = f"There is no file “{name[:60]}”. Upload it under Files for sale first, or correct the name."
                raise UnreadableCell(column=FILES, value=str(text), reason=reason)
        if isinstance(text, str) and text and not names.classes.get(product.product_class, True):
            reason = (
                f"The class “{product.product_class[:60]}” travels in parcels or counts units, so it has no files for sale. "
                "Give the product a class that does neither."
            )
            raise UnreadableCell(column=FILES, value=text, reason=reason)
