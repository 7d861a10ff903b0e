"""Which answers lead when there are more than can be weighed word by word.

A word that ten thousand products have tells little of any one of them. The leaders are those whose title or brand holds
the words, the most sold first; they are weighed by `ranking`, and the others follow in the order of this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from catalog.search.conditions import Conditions
from catalog.search.folding import Alternatives
from catalog.search.languages import stemmer
from catalog.search.matching import split_way

MOST_LEADERS: Final = 1_200
"""Fifty pages. Weighing the words of a product costs about ten times as much as counting it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """`order` reads `columns` of a relation `document` and ends with the product id."""

    order: str
    params: Mapping[str, str]
    columns: str = "document.product_id, document.popularity, document.text"


def lead_answers(conditions: Conditions) -> Lead:
    """Pins first and burials last, as in the order by score; answers that have all of the words before the others."""
    guidance = conditions.guidance
    params: dict[str, str] = {}
    keys = [guidance.pin_order().removesuffix(", ")]
    for ids, place in ((guidance.buried, ""), (guidance.boosted, " DESC")):
        keys.append(f"(document.product_id IN ({', '.join(map(str, ids))})){place}" if ids else "")
    if conditions.has_few:
        whole = f"SELECT product_id FROM catalog_searchdocument WHERE vector @@ ({conditions.strict})"
        keys.append(f"(document.product_id IN ({whole})) DESC")
    named = " + ".join(f"({_is_named(ways, params)})::int" for ways in conditions.words)
    keys += [f"({named}) DESC" if named else "", "document.popularity DESC", "document.product_id"]
    return Lead(order=", ".join(filter(None, keys)), params=params)


def _is_named(ways: Alternatives, params: dict[str, str]) -> str:
    """Whether title or brand hold the word in one of its ways, as far as the letters of its stem tell."""
    tests = []
    for way in ways:
        parts = []
        for word in split_way(way):
            name = f"lead{len(params)}"
            params[name] = word
            stem = f"COALESCE((ts_lexize('{stemmer()}', %({name})s))[1], %({name})s)"
            parts.append(f"document.text LIKE '%%' || {stem} || '%%'")
        tests.append(" AND ".join(parts))
    return " OR ".join(tests)
