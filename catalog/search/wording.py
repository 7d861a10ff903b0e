"""Understand a question: which facet choices exist, and which words were probably mistyped. One query."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from catalog.search.folding import LONGEST_QUESTION, read_words
from catalog.search.vocabulary import list_deletes, nearest_word

FEW: Final = 3
MOST_FACETS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`words` to look for (already corrected with `is_corrected`), `facets` that exist, the rest `dropped`."""

    words: tuple[str, ...] = ()
    is_found: bool = True
    is_corrected: bool = False
    did_you_mean: str | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: list[tuple[str, str]] = field(default_factory=list)


# One word: its stem, or the word itself; the last word may be unfinished.
MATCH_WORD: Final = "(plainto_tsquery('english', {0}) || to_tsquery('simple', {0} || {1}))"

_PREPARE = f"""
WITH asked AS MATERIALIZED (
    SELECT word, deletes, {MATCH_WORD.format("word", "ending")} AS match
    FROM jsonb_to_recordset(%(words)s::jsonb) AS given(word text, ending text, deletes text[])
), found AS MATERIALIZED (
    SELECT count(*) AS documents FROM (
        SELECT 1 FROM catalog_searchdocument WHERE vector @@ ({{everything}}) LIMIT {FEW}) AS sample
), doubtful AS MATERIALIZED (
    SELECT word, deletes FROM asked, found WHERE found.documents < {FEW}
    AND NOT EXISTS (SELECT 1 FROM catalog_searchdocument WHERE vector @@ asked.match)
), candidates AS (
    SELECT doubtful.word AS asked, known.word, known.documents FROM doubtful
    CROSS JOIN LATERAL (
        SELECT word, documents FROM catalog_searchword WHERE deletes && doubtful.deletes
        UNION
        (SELECT word, documents FROM catalog_searchword WHERE word %% doubtful.word
         ORDER BY similarity(word, doubtful.word) DESC, word LIMIT 20)) AS known
)
SELECT (SELECT documents FROM found),
       (SELECT jsonb_agg(candidates) FROM candidates),
       ARRAY(SELECT choice FROM unnest(%(choices)s::text[]) AS choice
             WHERE EXISTS (SELECT 1 FROM catalog_searchdocument WHERE facets @> ARRAY[choice]))
"""


def prepare_wording(text: str, *, facets: Mapping[str, Sequence[str]]) -> Wording:
    words = read_words(text)
    choices = list(dict.fromkeys((code, value) for code, values in facets.items() for value in values))
    dropped = [choice for choice in choices if "\x00" in "".join(choice)]
    choices = [choice for choice in choices if choice not in dropped]
    dropped += choices[MOST_FACETS:]
    choices = choices[:MOST_FACETS]
    if not words and not choices:
        return Wording(dropped=dropped)
    found, candidates, known = _ask(words, [f"{code}:{value}" for code, value in choices])
    kept: dict[str, tuple[str, ...]] = {}
    for code, value in choices:
        if f"{code}:{value}" in known:
            kept[code] = (*kept.get(code, ()), value)
        else:
            dropped.append((code, value))
    corrected = _correct(words, candidates) if words and found < FEW else words
    is_corrected = corrected != words and found == 0
    return Wording(
        words=tuple(corrected if is_corrected else words),
        is_found=not words or found > 0,
        is_corrected=is_corrected,
        did_you_mean=" ".join(corrected)[:LONGEST_QUESTION] if corrected != words else None,
        facets=kept,
        dropped=dropped,
    )


def match_words(words: Sequence[str], *, prefix: str, operator: str = "&&") -> tuple[str, dict[str, str]]:
    """The SQL of a text query over these words, and its parameters. Each word is letters and digits, nothing else."""
    params: dict[str, str] = {}
    parts = []
    for index, word in enumerate(words):
        params[f"{prefix}{index}"], params[f"{prefix}e{index}"] = word, ending_of(words, index)
        parts.append(MATCH_WORD.format(f"%({prefix}{index})s::text", f"%({prefix}e{index})s::text"))
    return f" {operator} ".join(parts) or "NULL::tsquery", params


def ending_of(words: Sequence[str], index: int) -> str:
    return ":*" if index == len(words) - 1 and len(words[index]) > 1 else ""


def _ask(words: Sequence[str], choices: Sequence[str]) -> tuple[int, list[dict[str, Any]], set[str]]:
    everything, params = match_words(words, prefix="word")
    given = [
        {"word": word, "ending": ending_of(words, index), "deletes": list_deletes(word)}
        for index, word in enumerate(words)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _PREPARE.replace("{everything}", everything),
            {"words": json.dumps(given), "choices": list(choices), **params},
        )
        found, candidates, known = cursor.fetchone()
    return found, json.loads(candidates) if candidates else [], set(known)


def _correct(words: Sequence[str], candidates: Sequence[Mapping[str, Any]]) -> list[str]:
    nearby: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for candidate in candidates:
        nearby[candidate["asked"]].append((candidate["word"], candidate["documents"]))
    return list(dict.fromkeys(nearest_word(word, nearby[word]) or word for word in words))
