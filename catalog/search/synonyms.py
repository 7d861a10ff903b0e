"""Words that mean the same, by staff: a question is widened when it is asked, so a synonym holds from the next request."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import connection, transaction

from catalog.search.folding import Alternatives, fold_text, read_words
from catalog.search.languages import PLAIN, base_language, text_configuration
from catalog.search.matching import split_way
from catalog.search.staff_words import LONGEST_PHRASE, SynonymGroup
from shop.audit.record import record_action

MOST_TERMS: Final = 20
LONGEST_GRAM: Final = 3
"""Words of the longest phrase that is looked up."""


class SynonymRefused(Exception):
    """Says in a sentence what is wrong with a synonym."""


def stem_sql(text: str) -> str:
    """SQL: the stems of a folded phrase in one order; the words themselves when all of them are stop words."""
    plain, stems = f"to_tsvector('{PLAIN}', {text})", f"to_tsvector('{text_configuration()}', {text})"
    return f"COALESCE(NULLIF(array_to_string(tsvector_to_array({stems}), ' '), ''), array_to_string(tsvector_to_array({plain}), ' '))"


def stem_phrases(phrases: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {stem_sql('phrase')} FROM unnest(%s::text[]) WITH ORDINALITY AS given(phrase, place) ORDER BY place",
            (list(phrases),),
        )
        return [stem for (stem,) in cursor.fetchall()]


@transaction.atomic
def write_synonym(
    *,
    terms: Iterable[str],
    means: Iterable[str] = (),
    language: str = "",
    group: SynonymGroup | None = None,
    actor: Any,
) -> SynonymGroup:
    """Make or change a group; audited. Raises SynonymRefused."""
    asked, meant = _clean(terms), _clean(means)
    if not asked:
        raise SynonymRefused("Write at least one word that shoppers type.")
    if not meant and len(asked) < 2:
        raise SynonymRefused("One word alone has no synonym: write a second one, or what it means.")
    if set(asked) & set(meant):
        raise SynonymRefused("A word cannot stand for itself: take it out of one of the two fields.")
    before = _describe(group) if group is not None else None
    group = group or SynonymGroup()
    group.language, group.terms, group.means = language or base_language(), asked, meant
    group.stems = stem_phrases(asked)
    group.save()
    record_action(
        action="change synonym" if before else "add synonym",
        subject_type="synonymgroup",
        subject_id=group.pk,
        actor=actor,
        before=before,
        after=_describe(group),
    )
    return group


def list_grams(words: Sequence[Alternatives]) -> list[tuple[int, int, str]]:
    """(first place, place after the last, phrase) of every run of up to three words, the longest first."""
    plain = [" ".join(split_way(ways[-1] if len(ways) > 1 else ways[0])) for ways in words]
    return [
        (start, start + size, " ".join(plain[start : start + size]))
        for size in range(min(LONGEST_GRAM, len(words)), 0, -1)
        for start in range(len(words) - size + 1)
    ]


def widen(words: Sequence[Alternatives], meanings: Mapping[str, Sequence[str]]) -> list[Alternatives]:
    """The words with the `meanings` (folded phrases by folded phrase) of each run beside it; the longest run wins."""
    widened: dict[int, tuple[int, Alternatives]] = {}
    taken: set[int] = set()
    for start, end, phrase in list_grams(words):
        if phrase in meanings and not taken & set(range(start, end)):
            taken |= set(range(start, end))
            first = words[start] if end - start == 1 else ("&".join(words[place][0] for place in range(start, end)),)
            others = ("&".join(meaning.split()) for meaning in meanings[phrase])
            widened[start] = (end, tuple(dict.fromkeys([*first, *others])))
    result: list[Alternatives] = []
    place = 0
    while place < len(words):
        end, ways = widened.get(place, (place + 1, words[place]))
        result.append(ways)
        place = end
    return result


def _clean(phrases: Iterable[str]) -> list[str]:
    folded = [" ".join(read_words(phrase)) for phrase in phrases if fold_text(phrase)]
    cleaned = list(dict.fromkeys(folded))
    if len(cleaned) > MOST_TERMS or any(len(phrase) > LONGEST_PHRASE for phrase in cleaned):
        raise SynonymRefused(
            f"At most {MOST_TERMS} phrases of {LONGEST_PHRASE} letters each; split the rest into groups."
        )
    return cleaned


def _describe(group: SynonymGroup) -> dict[str, Any]:
    return {"language": group.language, "terms": group.terms, "means": group.means}
