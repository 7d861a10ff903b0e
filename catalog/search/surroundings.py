"""What many documents have in common: the kinds and units of attributes, and the categories above each category."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

_KINDS: Final = """
SELECT attribute.id, COALESCE(rule.kind, attribute.type), COALESCE(rule.unit, '')
FROM catalogue_productattribute attribute LEFT JOIN catalog_attributerule rule ON rule.attribute_id = attribute.id
WHERE attribute.id = ANY(%s)
"""
# A treebeard path is made of steps of four characters; each prefix is an ancestor's path.
_SHELVES: Final = """
SELECT category.id, array_agg(ancestor.id ORDER BY ancestor.id), array_agg(ancestor.name ORDER BY ancestor.id)
FROM catalogue_category category
CROSS JOIN LATERAL generate_series(4, length(category.path), 4) AS step
JOIN catalogue_category ancestor ON ancestor.path = left(category.path, step)
WHERE category.id = ANY(%s) GROUP BY category.id
"""
Shelf = tuple[int, str]
"""A category's id and name."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`kinds` maps an attribute's id to kind and unit; `shelves` a category's id to itself and all above it."""

    kinds: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    shelves: Mapping[int, tuple[Shelf, ...]] = field(default_factory=dict)

    def shelves_of(self, category_ids: Iterable[int]) -> list[Shelf]:
        """Each category once, by id."""
        return sorted({shelf for category_id in category_ids for shelf in self.shelves[category_id]})

    def with_all_of(self, other: "Surroundings") -> "Surroundings":
        return Surroundings({**self.kinds, **other.kinds}, {**self.shelves, **other.shelves})

    def only(self, *, attribute_ids: Set[int], category_ids: Set[int]) -> "Surroundings | None":
        """None when not all of it is known here."""
        if not (attribute_ids <= self.kinds.keys() and category_ids <= self.shelves.keys()):
            return None
        return Surroundings({pk: self.kinds[pk] for pk in attribute_ids}, {pk: self.shelves[pk] for pk in category_ids})


def read_surroundings(*, attribute_ids: Iterable[int], category_ids: Iterable[int]) -> Surroundings:
    """Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, (list(attribute_ids),))
        kinds = {attribute_id: (kind, unit) for attribute_id, kind, unit in cursor.fetchall()}
        cursor.execute(_SHELVES, (list(category_ids),))
        return Surroundings(kinds, {pk: tuple(zip(ids, names, strict=True)) for pk, ids, names in cursor.fetchall()})
