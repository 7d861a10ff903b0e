"""What staff have said about a question or a category: synonyms and placements, read in one query at each request."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import connection

from catalog.search.folding import Alternatives, read_question, read_words
from catalog.search.languages import base_language
from catalog.search.ranking import Part
from catalog.search.synonyms import list_grams, stem_sql, widen

BOOST: Final = 0.5
BURY: Final = -9.0
UnitsOf = Callable[[Iterable[int]], Mapping[int, int | None]]
"""Saleable units by stock record id; None is without limit. Told by the room that counts stock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """`pinned`, `boosted` and `buried` are product ids; `sold_out` those that lost their pin or boost by the rule.
    `sinks_sold_out` is what staff wish for the category's list (`catalog.search.sinking`).

    The rule: what cannot be bought now is neither pinned nor boosted. It stands where its words and sales put it, and
    comes back to its place with the first unit in stock.
    """

    words: tuple[Alternatives, ...] = ()
    pinned: tuple[int, ...] = ()
    boosted: tuple[int, ...] = ()
    buried: tuple[int, ...] = ()
    sold_out: tuple[int, ...] = ()
    sinks_sold_out: bool = True

    def parts(self) -> list[Part]:
        """Addends of the score; none when nothing is placed."""
        found = []
        if self.boosted:
            ids = ", ".join(map(str, self.boosted))
            found.append(
                Part(name="boosted by staff", sql=f"CASE WHEN document.product_id IN ({ids}) THEN {BOOST} ELSE 0 END")
            )
        if self.buried:
            ids = ", ".join(map(str, self.buried))
            found.append(
                Part(name="buried by staff", sql=f"CASE WHEN document.product_id IN ({ids}) THEN {BURY} ELSE 0 END")
            )
        return found

    def pin_order(self) -> str:
        """First key of an order: empty when nothing is pinned."""
        if not self.pinned:
            return ""
        ids = ", ".join(map(str, self.pinned))
        return f"array_position(ARRAY[{ids}]::bigint[], document.product_id::bigint), "


_READ = """
WITH asked AS (SELECT phrase, {stem} AS stem FROM unnest(%(phrases)s::text[]) AS given(phrase))
SELECT (SELECT jsonb_agg(jsonb_build_array(asked.phrase, known.terms, known.means, known.stems, asked.stem))
        FROM asked JOIN catalog_synonymgroup known ON known.stems @> ARRAY[asked.stem]::varchar[]
        WHERE known.language = %(language)s),
       (SELECT jsonb_agg(jsonb_build_array(placed.kind, placed.product_id, document.stock_record_ids)
                         ORDER BY placed.position, placed.id)
        FROM catalog_placement placed JOIN catalog_searchdocument document ON document.product_id = placed.product_id
        WHERE {list}),
       COALESCE((SELECT rule.sinks_sold_out FROM catalog_listrule rule WHERE rule.category_id = %(category)s), true)
"""
_OF_CATEGORY = "placed.category_id = %(category)s"
_OF_WORDS = "placed.stem <> '' AND placed.stem = (SELECT {stem} FROM (VALUES (%(whole)s::text)) AS question(phrase))"


def read_guidance(text: str, *, category_id: int | None = None, units_of: UnitsOf | None = None) -> Guidance:
    """One query, and one of `units_of` when a product is pinned or boosted here. Without words: the category's list."""
    words = read_question(text)
    stem = stem_sql("phrase")
    if words:
        sql = _READ.format(stem=stem, list=_OF_WORDS.format(stem=stem))
    elif category_id is not None:
        sql = _READ.format(stem=stem, list=_OF_CATEGORY)
    else:
        return Guidance()
    params = {
        "phrases": [phrase for _, _, phrase in list_grams(words)],
        "language": base_language(),
        "category": category_id,
        "whole": " ".join(read_words(text)),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        synonyms, placements, sinks_sold_out = cursor.fetchone()
    meanings = _read_meanings(json.loads(synonyms) if synonyms else [])
    guidance = _place(tuple(widen(words, meanings)), json.loads(placements) if placements else [], units_of)
    return replace(guidance, sinks_sold_out=sinks_sold_out)


def _read_meanings(rows: Sequence[Any]) -> dict[str, list[str]]:
    meanings: dict[str, list[str]] = defaultdict(list)
    for phrase, terms, means, stems, stem in rows:
        others = means or [term for term, known in zip(terms, stems, strict=True) if known != stem]
        meanings[phrase] += [other for other in others if other not in meanings[phrase]]
    return meanings


def _place(words: tuple[Alternatives, ...], placements: Sequence[Any], units_of: UnitsOf | None) -> Guidance:
    wanted = [row for row in placements if row[0] != "bury"]
    sold_out: set[int] = set()
    if wanted and units_of is not None:
        units = units_of({record for _, _, records in wanted for record in records})
        sold_out = {
            product for _, product, records in wanted if not any(units.get(record, 0) != 0 for record in records)
        }
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, product, _ in placements:
        if product not in sold_out:
            by_kind[kind].append(product)
    return Guidance(
        words=words,
        pinned=tuple(by_kind["pin"]),
        boosted=tuple(by_kind["boost"]),
        buried=tuple(by_kind["bury"]),
        sold_out=tuple(sorted(sold_out)),
    )
