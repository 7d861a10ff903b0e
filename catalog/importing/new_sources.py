"""What the search documents of new products are made of, from the plan: nothing of them has to be read back."""

from collections.abc import Sequence
from typing import Any, Final

from catalog.importing.attribute_text import to_stored
from catalog.importing.plan import Change
from catalog.importing.states import ProductState, SkuState
from catalog.importing.vocabulary import Attribute, Words
from catalog.importing.writing import Writing
from catalog.search.sources import Offered, Source, list_value_texts
from catalog.search.surroundings import Surroundings

Told = tuple[str, str, str]
"""Code, kind and text of an attribute's value."""
_PLACES: Final = {"text": 0, "integer": 1, "boolean": 2, "float": 3, "option": 4, "multi_option": 5}
"""Where `list_value_texts` looks for a value of each type; those of other types have no words."""


def list_surroundings(states: Sequence[ProductState], *, words: Words) -> tuple[set[int], set[int]]:
    """Ids of the attributes and of the categories that the products have."""
    attributes: set[tuple[int, str]] = set()
    for state in states:
        class_id = words.class_id(state.product_class)
        attributes.update((class_id, code) for code in state.attributes)
        attributes.update((class_id, code) for sku in state.skus.values() for code in (*sku.attributes, *sku.options))
    paths = {path for state in states for path in state.categories}
    return {words.attribute(*attribute).id for attribute in attributes}, {words.category_id(path) for path in paths}


def describe_products(
    states: Sequence[ProductState], *, surroundings: Surroundings, writing: Writing
) -> dict[int, Source]:
    """By product id, once all have their ids; of those that are shown."""
    teller = _Teller(surroundings, writing)
    found = (teller.describe(state) for state in states if state.published)
    return {source.product_id: source for source in found if source is not None}


def choose_told(products: Sequence[Change], skus: Sequence[Change]) -> list[ProductState]:
    """New products of which all SKUs are new too, without pictures, kits or facts: those have rules of their own."""
    plain = {id(change.after) for change in skus if change.before is None and _is_plain(change.after)}
    return [
        change.after
        for change in products
        if change.before is None
        and not (change.after.pictures or change.after.facts)
        and all(id(sku) in plain for sku in change.after.skus.values())
    ]


def _is_plain(sku: SkuState) -> bool:
    return not (sku.pictures or sku.facts or sku.components)


def _add_sku(sku: SkuState, *, source: Source, is_variant: bool) -> None:
    assert sku.id is not None
    assert sku.stock_record_id is not None
    if is_variant:
        source.child_titles.append(sku.title)
    source.codes += [sku.gtin, sku.sku] if sku.gtin else [sku.sku]
    source.offered.append(Offered(sku.id, sku.stock_record_id, sku.sku, sku.price, sku.currency, sku.compare_at_price))


class _Teller:
    """Many products have the same values: the words of each are looked up once."""

    def __init__(self, surroundings: Surroundings, writing: Writing) -> None:
        self._surroundings, self._words, self._made_at = surroundings, writing.vocabulary, writing.begun_at
        self._texts: dict[tuple[int, str, str], tuple[int, list[Told]]] = {}

    def describe(self, state: ProductState) -> Source | None:
        """None when no variant is shown. The order of everything is that of the rows in the database."""
        skus = sorted(state.skus.values(), key=lambda sku: sku.id or 0)
        skus = [sku for sku in skus if sku.published or not state.is_parent]
        if not skus:
            return None
        assert state.id is not None
        source = Source(state.id, state.title, state.handle, state.description, self._made_at)
        class_id = self._words.class_id(state.product_class)
        for owned in (state.attributes, *({**sku.attributes, **sku.options} for sku in skus if state.is_parent)):
            found = sorted(self._read(class_id, code, text) for code, text in owned.items())
            source.attributes += [told for _, texts in found for told in texts]
        for sku in skus:
            _add_sku(sku, source=source, is_variant=state.is_parent)
        shelves = self._surroundings.shelves_of(self._words.category_id(path) for path in state.categories)
        source.category_ids, source.category_names = [pk for pk, _ in shelves], [name for _, name in shelves]
        source.axes = [code for code, _ in state.axes]
        return source

    def _read(self, class_id: int, code: str, text: str) -> tuple[int, list[Told]]:
        """The attribute's id, by which values are ordered, and what a document says of the value."""
        known = self._texts.get((class_id, code, text))
        if known is None:
            attribute = self._words.attribute(class_id, code)
            kind, unit = self._surroundings.kinds[attribute.id]
            stored = self._store(attribute, text)
            told = [(code, kind, word) for word in list_value_texts(kind, stored, unit=unit)]
            known = self._texts[class_id, code, text] = attribute.id, told
        return known

    def _store(self, attribute: Attribute, text: str) -> list[Any]:
        stored: list[Any] = [None] * len(_PLACES)
        if attribute.type == "multi_option":
            parts = text.split("|")
            stored[-1] = "|".join(sorted(parts, key=lambda part: self._words.option_id(attribute, part)))
        elif attribute.type in _PLACES:
            stored[_PLACES[attribute.type]] = to_stored(text, kind=attribute.type)
        return stored
