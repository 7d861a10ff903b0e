"""Searches that found nothing: how often on which day, never who asked; and what may have been meant.

The page that says "nothing found" writes one row. That is a write on an anonymous GET, and the only one of the storefront:
each empty search is to be counted, an event in the queue would be a write as well, and a tally in memory would lose those
of a process that ends. It is one statement of its own after everything is read, so that nothing waits for it and no lock
outlives it; a flood of random words stops at MOST_A_DAY rows; and a database that refuses it costs the shopper nothing.
"""

import logging
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import DatabaseError, connection, transaction

from catalog.search.folding import read_words
from catalog.search.languages import base_language
from catalog.search.staff_words import LONGEST_PHRASE, SearchMiss
from catalog.search.synonyms import stem_sql
from shop.audit.record import record_action

MOST_A_DAY: Final = 5_000
DAYS_KEPT: Final = 90
SHOWN: Final = 50
# An address, or figures long enough to be a telephone, a card or a customer number.
_PERSONAL: Final = re.compile(r"@|\d(?:[\s()/.+-]*\d){6,}")

_NOTE = """
INSERT INTO catalog_searchmiss AS known (language, words, day, count)
SELECT %(language)s, %(words)s, current_date, 1
WHERE (SELECT count(*) FROM catalog_searchmiss WHERE day = current_date) < %(most)s
   OR EXISTS (SELECT 1 FROM catalog_searchmiss WHERE day = current_date AND language = %(language)s AND words = %(words)s)
ON CONFLICT (day, language, words) DO UPDATE SET count = known.count + 1
"""
# The nearest words of the catalogue to each asked one that it does not know, and the nearest categories to all of them.
_LIST = """
WITH missed AS (
    SELECT words, sum(count) AS times, max(day) AS last_day FROM catalog_searchmiss
    WHERE day > current_date - %(days)s AND language = %(language)s
      AND NOT EXISTS (SELECT 1 FROM catalog_synonymgroup known
                      WHERE known.language = %(language)s AND known.stems @> ARRAY[{stem}]::varchar[])
    GROUP BY words ORDER BY sum(count) DESC, words LIMIT %(shown)s
)
SELECT missed.words, missed.times, missed.last_day, ARRAY(
    SELECT near.word FROM (
        (SELECT known.word, similarity(known.word, asked.word) AS likeness
         FROM unnest(string_to_array(missed.words, ' ')) AS asked(word)
         JOIN catalog_searchword known ON known.word %% asked.word
         WHERE known.word <> ALL(string_to_array(missed.words, ' ')) ORDER BY likeness DESC, known.word LIMIT 3)
        UNION ALL
        (SELECT lower(category.name), word_similarity(missed.words, lower(category.name)) FROM catalogue_category category
         WHERE category.is_public AND word_similarity(missed.words, lower(category.name)) > 0.3
         ORDER BY 2 DESC, 1 LIMIT 2)) AS near(word, likeness)
    GROUP BY near.word ORDER BY max(near.likeness) DESC, near.word LIMIT 4)
FROM missed ORDER BY missed.times DESC, missed.words
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Words that found nothing, how often in the span and when last; `proposals` are words that find something."""

    words: str
    times: int
    last_day: date
    proposals: list[str]


def clean_miss(text: str) -> str:
    """What is kept of a question: folded words, and nothing at all of one that may tell who asked."""
    return "" if _PERSONAL.search(text) else " ".join(read_words(text))[:LONGEST_PHRASE].strip()


def note_miss(text: str) -> None:
    """Count one empty search of today. Never raises for a database that cannot be written."""
    words = clean_miss(text)
    if not words:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NOTE, {"language": base_language(), "words": words, "most": MOST_A_DAY})
    except DatabaseError:
        _log.warning("An empty search could not be counted.", exc_info=True)


def list_misses(*, days: int = 30) -> list[Missed]:
    """The most frequent first; those that have got a synonym since are left out. One query."""
    with connection.cursor() as cursor:
        params: dict[str, str | int] = {"days": days, "language": base_language(), "shown": SHOWN}
        cursor.execute(_LIST.format(stem=stem_sql("words")), params)
        return [
            Missed(words=words, times=times, last_day=day, proposals=proposals)
            for words, times, day, proposals in cursor.fetchall()
        ]


@transaction.atomic
def dismiss_miss(words: str, *, actor: Any) -> None:
    """Take words off the list until they are asked again; audited."""
    SearchMiss.objects.filter(words=words, language=base_language()).delete()
    record_action(action="dismiss search", subject_type="searchmiss", subject_id=words[:80], actor=actor)


def forget_old_misses() -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_searchmiss WHERE day <= current_date - %s", (DAYS_KEPT,))
        return cursor.rowcount
