"""Understand a question: which facet choices exist, and which words were probably mistyped. One query."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.folding import read_words
from catalog.search.spelling import Alternatives, correct_words, list_parts
from catalog.search.vocabulary import list_deletes

FEW: Final = 3
MOST_FACETS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`words` to look for, `better` ones when these look mistyped, `facets` that exist, the rest `dropped`.

    With `is_corrected` the words as typed found nothing and `words` are already the better ones.
    """

    words: tuple[Alternatives, ...] = ()
    better: tuple[Alternatives, ...] | None = None
    is_found: bool = True
    is_corrected: bool = False
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: list[tuple[str, str]] = field(default_factory=list)


# One word: its stem, or the word itself; the last word may be unfinished.
MATCH_WORD: Final = "(to_tsquery('english', {0}) || to_tsquery('simple', {0} || replace({1}, '*', ':*')))"
_MATCH_WEIGHED: Final = "(to_tsquery('english', {0} || ':{2}') || to_tsquery('simple', {0} || ':' || {1} || '{2}'))"

_PREPARE = f"""
WITH asked AS MATERIALIZED (
    SELECT word, deletes, {MATCH_WORD.format("word", "ending")} AS match
    FROM jsonb_to_recordset(%(words)s::jsonb) AS given(word text, ending text, deletes text[])
), found AS MATERIALIZED (
    SELECT count(*) AS documents FROM (
        SELECT 1 FROM catalog_searchdocument document WHERE vector @@ ({{everything}}) AND {OPEN_DOCUMENT}
        LIMIT {FEW}) AS sample
), doubtful AS MATERIALIZED (
    SELECT word, deletes FROM asked, found WHERE found.documents < {FEW}
    AND NOT EXISTS (SELECT 1 FROM catalog_searchdocument document WHERE vector @@ asked.match AND {OPEN_DOCUMENT})
), candidates AS (
    SELECT doubtful.word AS asked, near.word, near.documents FROM doubtful
    CROSS JOIN LATERAL (
        SELECT word, documents FROM catalog_searchword WHERE deletes && doubtful.deletes
        UNION
        (SELECT word, documents FROM catalog_searchword WHERE word %% doubtful.word
         ORDER BY similarity(word, doubtful.word) DESC, word LIMIT 20)) AS near
)
SELECT (SELECT documents FROM found),
       (SELECT jsonb_agg(candidates) FROM candidates),
       ARRAY(SELECT word FROM doubtful),
       ARRAY(SELECT known.word FROM catalog_searchword known, found
             WHERE found.documents < {FEW} AND known.word = ANY(%(parts)s)),
       ARRAY(SELECT choice FROM unnest(%(choices)s::text[]) AS choice
             WHERE EXISTS (SELECT 1 FROM catalog_searchdocument document
                           WHERE facets @> ARRAY[choice] AND {OPEN_DOCUMENT}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """`found` counts documents with all the words, up to FEW; the rest is empty unless these are few."""

    found: int
    candidates: Mapping[str, Sequence[tuple[str, int]]]
    doubtful: set[str]
    parts: set[str]
    choices: set[str]


def prepare_wording(text: str, *, facets: Mapping[str, Sequence[str]]) -> Wording:
    words = read_words(text)
    choices = list(dict.fromkeys((code, value) for code, values in facets.items() for value in values))
    dropped = [choice for choice in choices if "\x00" in "".join(choice)]
    choices = [choice for choice in choices if choice not in dropped]
    dropped += choices[MOST_FACETS:]
    choices = choices[:MOST_FACETS]
    if not words and not choices:
        return Wording(dropped=dropped)
    answer = _ask(words, [f"{code}:{value}" for code, value in choices])
    kept: dict[str, tuple[str, ...]] = {}
    for code, value in choices:
        if f"{code}:{value}" in answer.choices:
            kept[code] = (*kept.get(code, ()), value)
        else:
            dropped.append((code, value))
    typed = tuple((word,) for word in words)
    better = correct_words(
        words,
        candidates=answer.candidates,
        doubtful=answer.doubtful,
        known=answer.parts,
        can_join=answer.found == 0,
    )
    is_corrected = better != typed and answer.found == 0
    return Wording(
        words=better if is_corrected else typed,
        better=better if better != typed else None,
        is_found=not words or answer.found > 0,
        is_corrected=is_corrected,
        facets=kept,
        dropped=dropped,
    )


def match_words(
    words: Sequence[Alternatives], *, operator: str = "&&", weights: str = ""
) -> tuple[str, dict[str, str]]:
    """The SQL of a text query over these words, and its parameters. Each word is letters and digits, nothing else.

    With `weights` only words of these count: `A` those of the title, `AB` those of title, brand and codes.
    """
    template = _MATCH_WEIGHED if weights else MATCH_WORD
    params: dict[str, str] = {}
    parts = []
    for index, alternatives in enumerate(words):
        tests = []
        for number, word in enumerate(alternatives):
            name = f"word{index}_{number}"
            params[name], params[f"{name}e"] = word, _ending_of(word, is_last=index == len(words) - 1)
            tests.append(template.format(f"%({name})s::text", f"%({name}e)s::text", weights))
        parts.append(f"({' || '.join(tests)})")
    return f" {operator} ".join(parts) or "NULL::tsquery", params


def _ending_of(word: str, *, is_last: bool) -> str:
    return "*" if is_last and len(word) > 1 else ""


def _ask(words: Sequence[str], choices: Sequence[str]) -> _Answer:
    everything, params = match_words([(word,) for word in words])
    given: list[dict[str, Any]] = [
        {
            "word": word,
            "ending": _ending_of(word, is_last=index == len(words) - 1),
            "deletes": list_deletes(word),
        }
        for index, word in enumerate(words)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _PREPARE.replace("{everything}", everything),
            {"words": json.dumps(given), "choices": list(choices), "parts": list_parts(words), **params},
        )
        found, candidates, doubtful, parts, known = cursor.fetchone()
    nearby: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for candidate in json.loads(candidates) if candidates else []:
        nearby[candidate["asked"]].append((candidate["word"], candidate["documents"]))
    return _Answer(found=found, candidates=nearby, doubtful=set(doubtful), parts=set(parts), choices=set(known))
