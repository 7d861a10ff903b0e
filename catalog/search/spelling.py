"""What somebody probably meant by words that no product has. Pure: candidates in, better words out.

A word is put right by the nearest known words, else by taking apart two that were run together (`oakshelf`); two words
that are one in the catalogue (`tea pot`) are joined.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from catalog.search.folding import Alternatives
from catalog.search.vocabulary import SHORTEST_WORD, count_edits

MOST_ALTERNATIVES: Final = 4


def correct_words(
    words: Sequence[str],
    *,
    candidates: Mapping[str, Sequence[tuple[str, int]]],
    doubtful: Collection[str],
    known: Collection[str],
    can_join: bool,
) -> tuple[Alternatives, ...]:
    """`candidates` (word, documents) by doubtful word; `known` are those of `list_parts` that the catalogue has."""
    corrected: list[Alternatives] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if can_join and waiting and word + waiting[0] in known:
            corrected.append((word + waiting.pop(0),))
        elif word not in doubtful:
            corrected.append((word,))
        elif near := find_nearest(word, candidates.get(word, ())):
            corrected.append(near)
        else:
            corrected.extend((part,) for part in _take_apart(word, known))
    return tuple(dict.fromkeys(corrected))


def find_nearest(asked: str, candidates: Sequence[tuple[str, int]]) -> Alternatives:
    """The candidates with the fewest edits. Short words bear one edit, long ones two."""
    bearable = 1 if len(asked) < 6 else 2
    edits = {word: count_edits(asked, word) for word, _ in candidates}
    fewest = min(edits.values(), default=bearable + 1)
    if fewest > bearable:
        return ()
    nearest = sorted((-documents, word) for word, documents in candidates if edits[word] == fewest)
    return tuple(word for _, word in nearest[:MOST_ALTERNATIVES])


def list_parts(words: Sequence[str]) -> list[str]:
    """Every word that taking apart or joining could lead to."""
    parts = {one + other for one, other in itertools.pairwise(words)}
    for word in words:
        for left, right in _cuts(word):
            parts |= {left, right}
    return sorted(parts)


def spell(alternatives: Sequence[Alternatives], *, best: Collection[str] = ()) -> str:
    """One spelling: of each word the alternative that the `best` product has, else the most frequent."""
    chosen = (next((word for word in words if word in best), words[0]) for words in alternatives)
    return " ".join(chosen).replace("<->", " ").replace("&", " ")


def _take_apart(word: str, known: Collection[str]) -> tuple[str, ...]:
    found = [(left, right) for left, right in _cuts(word) if left in known and right in known]
    return max(found, key=lambda pair: (len(pair[0]) + len(pair[1]), min(map(len, pair)), pair), default=(word,))


def _cuts(word: str) -> list[tuple[str, str]]:
    """Both halves at each place, the space forgotten or a letter hit instead of it."""
    places = range(SHORTEST_WORD, len(word) - SHORTEST_WORD + 1)
    cuts = [(word[:place], word[place + gap :]) for place in places for gap in (0, 1)]
    return [(left, right) for left, right in cuts if len(right) >= SHORTEST_WORD]
