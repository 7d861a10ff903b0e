"""The order of answers to a text question: one definition for results, suggestions and their explanation.

The score is a sum, so that it can be explained by its parts. Its heart is BM25F (Robertson and Zaragoza 2009): each word
counts by how rare it is and by where it stands, and saturates; PostgreSQL's `ts_rank` with one word gives the weighted,
already damped frequency. The figures were judged on a set of human ratings (`make bench`); each stands on a plateau.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.search.folding import Alternatives
from catalog.search.matching import Matcher

# Title > brand and codes > description > attributes and categories (there are many of these).
_WEIGHTS: Final = "'{0.4, 0.2, 0.6, 1.0}'"
_SATURATION: Final = 1.0
# A usual title with its brand has sixty letters; a longer one says less with each word.
_LENGTH: Final = "(0.7 + 0.3 * length(document.text) / 60)"
_SYNONYM: Final = 0.9
"""What a word that means the same counts, beside the asked word itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One addend of the score: a short name for staff, and SQL of a number that is never NULL."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """`fit` is a lateral table of the words' frequencies that the parts refer to; it follows `document`."""

    fit: str
    parts: tuple[Part, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    first: str = ""
    plain_order: str = ""
    """The order of the same documents by a column with an index, when there is one."""

    @property
    def order(self) -> str:
        by_score = f"({' + '.join(part.sql for part in self.parts)}) DESC, document.product_id"
        return self.first + (self.plain_order or by_score)


SALES: Final = Part(name="sales of 90 days", sql="0.03 * ln(1 + document.popularity)")


def rank_words(
    words: Sequence[Alternatives],
    *,
    shares: Sequence[float],
    beginning: str,
    is_open: bool = False,
    is_partial: bool = False,
) -> Ranking:
    """`shares` sum to 1: how much each word tells. `beginning` is the folded question."""
    matcher = Matcher(words=words, is_open=is_open, prefix="rank")
    last = len(words) - 1
    columns, parts = [], []
    for place, ways in enumerate(words):
        tests = matcher.ways(place, is_open=is_open and place == last)
        ranks = [f"1.645 * ts_rank({_WEIGHTS}, document.vector, {test})" for test in tests]
        ranks[1:] = [f"{_SYNONYM} * {rank}" for rank in ranks[1:]]
        columns.append(f"{f'GREATEST({chr(44).join(ranks)})' if len(ranks) > 1 else ranks[0]} AS w{place}")
        share = f"{shares[place]:.4f}"
        counted = f"{share} * fit.w{place} / (fit.w{place} + {_SATURATION} * {_LENGTH})"
        parts.append(Part(name=f"“{_spell(ways)}”", sql=counted))
        if is_partial:
            present = f"CASE WHEN fit.w{place} > 0 THEN {share} ELSE 0 END"
            parts.append(Part(name=f"has “{_spell(ways)}”", sql=present))
    in_title, in_names = matcher.all_words(weights="A"), matcher.all_words(weights="AB")
    names = (
        f"CASE WHEN document.vector @@ ({in_title}) THEN 0.2 WHEN document.vector @@ ({in_names}) THEN 0.1 ELSE 0 END"
    )
    parts.append(Part(name="all words in title, brand or code", sql=names))
    if len(words) > 1:
        row = f"CASE WHEN document.vector @@ {matcher.row(weights='A')} THEN 0.05 ELSE 0 END"
        parts.append(Part(name="words side by side in the title", sql=row))
    beginning_sql = (
        "CASE WHEN document.text LIKE %(beginning)s || '%%'"
        " THEN 0.05 + 0.35 * length(%(beginning)s) / length(document.text) ELSE 0 END"
    )
    parts.append(Part(name="title begins as asked", sql=beginning_sql))
    parts.append(SALES)
    # OFFSET 0 keeps the planner from asking for each frequency again wherever it is used.
    fit = f"CROSS JOIN LATERAL (SELECT {', '.join(columns)} OFFSET 0) AS fit"
    return Ranking(fit=fit, parts=tuple(parts), params={**matcher.params, "beginning": beginning})


def _spell(ways: Alternatives) -> str:
    return ways[0].replace("<->", " ").replace("&", " ")
