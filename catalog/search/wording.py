"""Understand a question: which facet choices exist, which words were probably mistyped, how telling each is. One query."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.folding import Alternatives, read_question
from catalog.search.languages import PLAIN, text_configuration
from catalog.search.matching import Matcher
from catalog.search.spelling import correct_words, list_parts
from catalog.search.tally import TIMED, WHOLE_SHOP
from catalog.search.vocabulary import list_deletes

FEW: Final = 3
"""With fewer answers the words that nothing has are doubted."""
ENOUGH: Final = 12
"""Half a page: with fewer answers those that have only some of the words follow."""
MOST_FACETS: Final = 60
COMMON: Final = 0.1
"""A word that more of all documents have finds no product by itself when another word is rarer."""
MOST_LOOSE: Final = 4
_RAREST: Final = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`words` to look for, `better` ones when these look mistyped, `facets` that exist, with their `numbers` by code
    and value, the rest `dropped`.

    With `is_corrected` the words as typed found nothing and `words` are already the better ones. `has_few`: some
    products have all the words, but less than half a page. `is_open`: the last word is taken for the beginning of one,
    since nothing has it whole. `shares` (they sum to 1) say how telling each word is; `telling` are the places of the
    words that may find a product without the others.
    """

    words: tuple[Alternatives, ...] = ()
    better: tuple[Alternatives, ...] | None = None
    is_found: bool = True
    has_few: bool = False
    is_open: bool = False
    is_corrected: bool = False
    shares: tuple[float, ...] = ()
    telling: tuple[int, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    dropped: list[tuple[str, str]] = field(default_factory=list)


# How common a word is, the planner's statistics know without counting: at most a thousand words, kept by autovacuum.
_PREPARE = """
WITH asked AS MATERIALIZED (
    SELECT * FROM (VALUES {rows}) AS given(word, deletes, match, lexemes)
), whole AS MATERIALIZED (
    SELECT count(*) AS documents FROM (
        SELECT 1 FROM catalog_searchdocument document WHERE vector @@ ({whole}) AND {is_open} LIMIT {enough}) AS sample
), unfinished AS MATERIALIZED (
    SELECT CASE WHEN whole.documents > 0 THEN 0 ELSE (SELECT count(*) FROM (
        SELECT 1 FROM catalog_searchdocument document WHERE vector @@ ({open}) AND {is_open} LIMIT {few}) AS sample)
    END AS documents FROM whole
), found AS MATERIALIZED (
    SELECT GREATEST(whole.documents, unfinished.documents) AS documents FROM whole, unfinished
), doubtful AS MATERIALIZED (
    SELECT word, deletes FROM asked, found WHERE found.documents < {few}
    AND NOT EXISTS (SELECT 1 FROM catalog_searchdocument document WHERE vector @@ asked.match AND {is_open})
), candidates AS (
    SELECT doubtful.word AS asked, near.word, near.documents FROM doubtful
    CROSS JOIN LATERAL (
        SELECT word, documents FROM catalog_searchword WHERE deletes && doubtful.deletes
        UNION
        (SELECT word, documents FROM catalog_searchword WHERE word %% doubtful.word
         ORDER BY similarity(word, doubtful.word) DESC, word LIMIT 20)) AS near
), common AS (
    SELECT known.word, known.part FROM pg_stats, LATERAL unnest(
        most_common_elems::text::text[], most_common_elem_freqs) AS known(word, part)
    WHERE schemaname = current_schema() AND tablename = 'catalog_searchdocument' AND attname = 'vector'
    AND (SELECT count(*) FROM asked) > 1
), commonness AS (
    SELECT asked.word, max(common.part) AS part FROM asked
    JOIN common ON common.word = ANY(asked.lexemes) GROUP BY asked.word
)
SELECT (SELECT documents FROM whole), (SELECT documents FROM unfinished),
       (SELECT jsonb_agg(candidates) FROM candidates),
       ARRAY(SELECT word FROM doubtful),
       ARRAY(SELECT known.word FROM catalog_searchword known, found
             WHERE found.documents < {few} AND known.word = ANY(%(parts)s)),
       (SELECT jsonb_agg(jsonb_build_array(known.code, known.value, known.id))
        FROM unnest(%(codes)s::text[], %(values)s::text[]) AS choice(code, value)
        JOIN catalog_facetvalue known ON known.code = choice.code AND known.value = choice.value
        WHERE (SELECT sum(products) FROM catalog_listtally WHERE category_id = {whole_shop} AND facet_id = known.id) > 0
        OR EXISTS (SELECT 1 FROM catalog_searchdocument document
                   WHERE facet_ids @> ARRAY[known.id] AND {timed} AND {is_open})),
       (SELECT jsonb_object_agg(word, part) FROM commonness)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """`whole` counts documents with all the words, up to ENOUGH, `unfinished` those with the last word unfinished."""

    whole: int
    unfinished: int
    candidates: Mapping[str, Sequence[tuple[str, int]]]
    doubtful: set[str]
    parts: set[str]
    choices: Mapping[tuple[str, str], int]
    commonness: Mapping[str, float]


def prepare_wording(
    text: str, *, facets: Mapping[str, Sequence[str]], words: Sequence[Alternatives] | None = None
) -> Wording:
    """`words` are those of the text with synonyms beside them, when somebody looked these up."""
    typed = tuple(read_question(text) if words is None else words)
    choices = list(dict.fromkeys((code, value) for code, values in facets.items() for value in values))
    dropped = [choice for choice in choices if "\x00" in "".join(choice)]
    choices = [choice for choice in choices if choice not in dropped]
    dropped += choices[MOST_FACETS:]
    choices = choices[:MOST_FACETS]
    if not typed and not choices:
        return Wording(dropped=dropped)
    answer = _ask(typed, choices)
    kept: dict[str, tuple[str, ...]] = {}
    for code, value in choices:
        if (code, value) in answer.choices:
            kept[code] = (*kept.get(code, ()), value)
        else:
            dropped.append((code, value))
    found = answer.whole or answer.unfinished
    better = _correct(typed, answer, can_join=found == 0)
    is_corrected = better != typed and found == 0
    chosen = better if is_corrected else typed
    parts = [answer.commonness.get(ways[0], _RAREST) for ways in chosen]
    return Wording(
        words=chosen,
        better=better if better != typed else None,
        is_found=not typed or found > 0,
        has_few=len(typed) > 1 and 0 < found < ENOUGH,
        is_open=answer.whole == 0,
        is_corrected=is_corrected,
        shares=_weigh(parts),
        telling=_choose_telling(parts),
        facets=kept,
        numbers=answer.choices,
        dropped=dropped,
    )


def _correct(typed: Sequence[Alternatives], answer: _Answer, *, can_join: bool) -> tuple[Alternatives, ...]:
    ways_of = {ways[0]: ways for ways in typed}
    corrected = correct_words(
        list(ways_of),
        candidates=answer.candidates,
        doubtful=answer.doubtful,
        known=answer.parts,
        can_join=can_join,
    )
    return tuple(dict.fromkeys(ways_of.get(ways[0], ways) if len(ways) == 1 else ways for ways in corrected))


def _weigh(parts: Sequence[float]) -> tuple[float, ...]:
    """Inverse document frequency, as shares of the question."""
    telling = [math.log(1 + 1 / part) for part in parts]
    return tuple(one / sum(telling) for one in telling)


def _choose_telling(parts: Sequence[float]) -> tuple[int, ...]:
    rarest_first = sorted(range(len(parts)), key=lambda place: (parts[place], place))
    rare = [place for place in rarest_first if parts[place] < COMMON]
    return tuple(sorted(rare[:MOST_LOOSE] or rarest_first[:1]))


def _ask(typed: Sequence[Alternatives], choices: Sequence[tuple[str, str]]) -> _Answer:
    whole = Matcher(words=typed)
    unfinished = Matcher(words=typed, is_open=True, params=whole.params)
    params: dict[str, Any] = {
        "codes": [code for code, _ in choices],
        "values": [value for _, value in choices],
        "parts": list_parts([ways[0] for ways in typed]),
    }
    rows = []
    lexemes = f"to_tsvector('{text_configuration()}', {{0}}) || to_tsvector('{PLAIN}', {{0}})"
    for place, (word, *_) in enumerate(typed):
        params |= {f"asked{place}": word, f"deletes{place}": list_deletes(word)}
        rows.append(
            f"(%(asked{place})s::text, %(deletes{place})s::text[], {unfinished.word(place)},"
            f" tsvector_to_array({lexemes.format(f'%(asked{place})s::text')}))"
        )
    sql = _PREPARE.format(
        rows=", ".join(rows) or "(NULL::text, NULL::text[], NULL::tsquery, NULL::text[])",
        whole=whole.all_words(),
        open=unfinished.all_words(),
        enough=ENOUGH,
        few=FEW,
        is_open=OPEN_DOCUMENT,
        timed=TIMED,
        whole_shop=WHOLE_SHOP,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, **whole.params})
        found, begun, candidates, doubtful, parts, known, commonness = cursor.fetchone()
    nearby: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for candidate in json.loads(candidates) if candidates else []:
        nearby[candidate["asked"]].append((candidate["word"], candidate["documents"]))
    return _Answer(
        whole=found,
        unfinished=begun,
        candidates=nearby,
        doubtful=set(doubtful) - {None},
        parts=set(parts),
        choices={(code, value): number for code, value, number in json.loads(known)} if known else {},
        commonness=json.loads(commonness) if commonness else {},
    )
