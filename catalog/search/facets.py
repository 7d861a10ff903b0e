"""Count everything about a filter set in one pass: total, facet counts, price bounds.

A product that fails no filter counts everywhere. One that fails a single filter counts only in that filter's own group,
for that is where the shopper could still add it. One that fails two counts nowhere.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.conditions import PRICE, Conditions, where
from catalog.search.leading import MOST_LEADERS, lead_answers
from catalog.search.shown_documents import shown_documents
from catalog.search.tally import TIMED, WHOLE_SHOP
from shop.page_cache.answers import freeze, keep_answer

MOST_GROUPS: Final = 16
MOST_VALUES: Final = 60
MOST_INDEXED: Final = 4
"""Filters; the condition for the indexes grows with the square of their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """`count` products would be listed with this value alone chosen in its group, all other filters as they are."""

    value: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetGroup:
    code: str
    name: str
    values: list[FacetValue]

    @property
    def is_chosen(self) -> bool:
        return any(value.is_chosen for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBounds:
    """Lowest and highest price under all other filters."""

    lowest: Decimal
    highest: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`leaders` are the products whose words are weighed, when there are more answers than can be.

    `shop_total` is how many products the whole shop lists, where that was asked.
    """

    total: int
    is_partial: bool
    facet_groups: list[FacetGroup]
    price_bounds: PriceBounds | None
    leaders: tuple[int, ...] = ()
    shop_total: int = 0


_NAMES = """(SELECT jsonb_object_agg(code, name) FROM (
           SELECT code, min(name) AS name FROM catalogue_productattribute GROUP BY code) AS named)"""
# OFFSET 0: each test of a filter is made once for a product, not once for each place that asks how it ended.
_SUMMARY = f"""
WITH base AS MATERIALIZED (
    SELECT * FROM (
        SELECT *, {{missed}} AS missed FROM (
            SELECT document.facet_ids, document.price_min, document.price_max, document.currency{{tests}}{{leading}}
            FROM {{documents}} document WHERE {{base}} OFFSET 0) AS tested) AS document WHERE missed >= 0
), total AS MATERIALIZED (
    SELECT count(*) AS products FROM base WHERE {{matches}}
), counted AS (
    SELECT facet_id, count(*) AS products
    FROM (SELECT unnest(facet_ids) AS facet_id FROM base WHERE {{matches}}) AS each GROUP BY facet_id
    {{elsewhere}}
)
SELECT {{is_partial}},
       (SELECT products FROM total),
       (SELECT jsonb_agg(jsonb_build_array(code, value, products)) FROM (
           SELECT known.code, known.value, sum(products) AS products
           FROM counted JOIN catalog_facetvalue known ON known.id = counted.facet_id GROUP BY known.id) AS told),
       (SELECT jsonb_build_array(min(price_min)::text, max(price_max)::text, min(currency)) FROM base WHERE {{bounds}}),
       {_NAMES},
       {{leaders}},
       0
"""
# Of a product that fails one filter, the values of that filter's own group.
_ELSEWHERE = """UNION ALL
    SELECT facet_id, count(*) FROM (SELECT unnest(facet_ids) AS facet_id, missed FROM base WHERE missed > 0) AS each
    JOIN catalog_facetvalue known ON known.id = facet_id WHERE {own} GROUP BY facet_id"""
# All that is not in the tally is the range of prices, and what has a window.
_STANDING = f"""
WITH counted AS (
    SELECT facet_id, sum(products) AS products FROM (
        SELECT facet_id, products FROM catalog_listtally WHERE category_id = {{place}}
        UNION ALL
        SELECT unnest(document.facet_ids || 0), 1 FROM catalog_searchdocument document WHERE {TIMED} AND {{base}}
    ) AS told GROUP BY facet_id HAVING sum(products) > 0
)
SELECT false,
       COALESCE((SELECT products FROM counted WHERE facet_id = 0), 0),
       (SELECT jsonb_agg(jsonb_build_array(known.code, known.value, products))
        FROM counted JOIN catalog_facetvalue known ON known.id = counted.facet_id),
       (SELECT jsonb_build_array(min(price_min)::text, max(price_max)::text, min(currency))
        FROM {{documents}} document WHERE {{base}}),
       {_NAMES},
       NULL,
       COALESCE((SELECT sum(products) FROM catalog_listtally WHERE category_id = {WHOLE_SHOP} AND facet_id = 0), 0)
"""
_LEADERS = """(SELECT array_agg(product_id) FROM (
           SELECT product_id FROM base AS document WHERE {matches} AND (SELECT products FROM total) > {most}
           ORDER BY {order} LIMIT {most}) AS first)"""
_PARTIAL = (
    f"NOT EXISTS (SELECT 1 FROM catalog_searchdocument document WHERE vector @@ ({{strict}}) AND {OPEN_DOCUMENT})"
)


def summarise(conditions: Conditions, *, by_words: bool = False) -> Summary:
    """One query; none while nothing has changed since the same was counted. `by_words`: the best answers come first."""
    params = dict(conditions.params)
    sql = _write_standing(conditions) if conditions.is_standing else _write_sql(conditions, params, by_words=by_words)

    def count() -> Summary:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return _read_summary(cursor.fetchone(), conditions)

    return keep_answer((sql, freeze(params)), count)


def _read_summary(row: tuple[Any, ...], conditions: Conditions) -> Summary:
    is_partial, total, counts, bounds, names, leaders, shop_total = row
    lowest, highest, currency = json.loads(bounds)
    return Summary(
        total=int(total),
        is_partial=is_partial and total > 0,
        facet_groups=_group(json.loads(counts) if counts else [], json.loads(names) if names else {}, conditions),
        price_bounds=None
        if lowest is None
        else PriceBounds(lowest=Decimal(lowest), highest=Decimal(highest), currency=currency),
        leaders=tuple(leaders or ()),
        shop_total=int(shop_total),
    )


def match_text(conditions: Conditions, *, is_partial: bool) -> str:
    return or_pinned(conditions, f"document.vector @@ ({conditions.loose if is_partial else conditions.strict})")


def or_pinned(conditions: Conditions, test: str) -> str:
    """A product that staff pinned to a question is an answer, whatever its words."""
    ids = ", ".join(map(str, conditions.guidance.pinned))
    return f"{test} OR document.product_id IN ({ids})" if ids else test


def _write_standing(conditions: Conditions) -> str:
    place = "%(category)s" if "category" in conditions.params else WHOLE_SHOP
    return _STANDING.format(documents=shown_documents(), place=place, base=where(*conditions.base))


def _write_sql(conditions: Conditions, params: dict[str, Any], *, by_words: bool) -> str:
    """Adds to the parameters what it refers to."""
    is_partial, base = "false", list(conditions.base)
    if conditions.strict:
        if conditions.has_few:
            is_partial = "true"
            base.append(match_text(conditions, is_partial=True))
        elif conditions.is_found:
            base.append(match_text(conditions, is_partial=False))
        else:
            is_partial = _PARTIAL.format(strict=conditions.strict)
            either = f"CASE WHEN {is_partial} THEN {conditions.loose} ELSE {conditions.strict} END"
            base.append(or_pinned(conditions, f"document.vector @@ ({either})"))
    codes, tests = list(conditions.filters), list(conditions.filters.values())
    missed, matches, bounds, elsewhere = "0", "true", "true", ""
    if codes:
        missed = _number_of_the_missed(len(codes))
        own = [
            f"missed = {index} AND known.code = %(code{index})s"
            for index, code in enumerate(codes, start=1)
            if code in conditions.chosen
        ]
        params |= {f"code{index}": code for index, code in enumerate(codes, start=1)}
        matches = "missed = 0"
        bounds = f"missed IN (0, {codes.index(PRICE) + 1})" if PRICE in codes else matches
        elsewhere = _ELSEWHERE.format(own=" OR ".join(own)) if own else ""
        base += _all_but_one(tests)
    leading, leaders = "", "NULL"
    if by_words and conditions.strict:
        lead = lead_answers(conditions)
        params |= lead.params
        leading, leaders = f", {lead.columns}", _LEADERS.format(order=lead.order, matches=matches, most=MOST_LEADERS)
    return _SUMMARY.format(
        documents=shown_documents(),
        missed=missed,
        tests="".join(f", ({test}) IS TRUE AS holds{index}" for index, test in enumerate(tests, start=1)),
        base=where(*base),
        elsewhere=elsewhere,
        matches=matches,
        bounds=bounds,
        is_partial=is_partial,
        leading=leading,
        leaders=leaders,
    )


def _number_of_the_missed(tests: int) -> str:
    """The number of the one filter that fails; 0 when none does, -1 when several do."""
    numbers = range(1, tests + 1)
    fails = " + ".join(f"(NOT holds{index})::int" for index in numbers)
    number = " + ".join(f"{index} * (NOT holds{index})::int" for index in numbers)
    return f"CASE WHEN {fails} > 1 THEN -1 ELSE {number} END"


def _all_but_one(tests: Sequence[str]) -> list[str]:
    """What fails two filters is nowhere counted: said so that the indexes of the filters find the rest."""
    if not 2 <= len(tests) <= MOST_INDEXED:
        return []
    return [" OR ".join(where(*(test for test in tests if test is not left_out)) for left_out in tests)]


def _group(counts: list[tuple[str, str, int]], names: dict[str, str], conditions: Conditions) -> list[FacetGroup]:
    by_code: dict[str, dict[str, int]] = {code: dict.fromkeys(values, 0) for code, values in conditions.chosen.items()}
    for code, value, count in counts:
        by_code.setdefault(code, {})[value] = count
    useful = {code: values for code, values in by_code.items() if len(values) > 1 or code in conditions.chosen}
    widest = sorted(useful, key=lambda code: (code not in conditions.chosen, -sum(useful[code].values()), code))
    return [
        FacetGroup(
            code=code,
            name=names.get(code, code),
            values=_order(useful[code], chosen=conditions.chosen.get(code, ())),
        )
        for code in widest[:MOST_GROUPS]
    ]


def _order(values: dict[str, int], *, chosen: tuple[str, ...]) -> list[FacetValue]:
    """The most frequent are kept; sizes and other figures in their natural order, words by frequency."""
    kept = sorted(values, key=lambda value: (value not in chosen, -values[value], value))[:MOST_VALUES]
    if all(value[:1].isdigit() for value in kept):
        kept.sort(key=natural_key)
    else:
        kept.sort(key=lambda value: (-values[value], value.casefold(), value))
    return [FacetValue(value=value, count=values[value], is_chosen=value in chosen) for value in kept]


def natural_key(value: str) -> list[Any]:
    """`9 cm` before `10 cm`."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", value) if part]
