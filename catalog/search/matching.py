"""Asked words as PostgreSQL text queries. Words are letters and digits; the only signs are those `folding` writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from catalog.search.folding import Alternatives
from catalog.search.languages import PLAIN, text_configuration

NOTHING: Final = "NULL::tsquery"


@dataclass(slots=True, kw_only=True)
class Matcher:
    """Writes text queries over `words` and gathers their parameters; the last word may be `is_open` (unfinished)."""

    words: Sequence[Alternatives]
    is_open: bool = False
    prefix: str = "text"
    params: dict[str, str] = field(default_factory=dict)

    def all_words(self, *, weights: str = "") -> str:
        return " && ".join(self.word(place, weights=weights) for place in range(len(self.words))) or NOTHING

    def any_word(self, places: Sequence[int]) -> str:
        """Any of these words, or a part of one that is made of several."""
        tests = [self.word(place) for place in places]
        for place in places:
            first = self.words[place][0]
            rows = [way for way in self.words[place][:2] if "".join(split_way(way)) == "".join(split_way(first))]
            parts = {part for way in rows for part in split_way(way)} - set(self.words[place])
            tests += [self._write(part, is_open=False) for part in sorted(parts) if len(part) > 1]
        return " || ".join(tests) or NOTHING

    def word(self, place: int, *, weights: str = "") -> str:
        """One word in any of its ways: its stem, or as it is written. With weights only words of these count."""
        is_open = self.is_open and place == len(self.words) - 1
        return f"({' || '.join(self.ways(place, weights=weights, is_open=is_open))})"

    def ways(self, place: int, *, weights: str = "", is_open: bool = False) -> list[str]:
        return [self._write(way, weights=weights, is_open=is_open) for way in self.words[place]]

    def row(self, *, weights: str) -> str:
        """The words next to each other, in the first way of each."""
        row = "<->".join(f"{word}:{weights}" for ways in self.words for word in split_way(ways[0]))
        return f"to_tsquery('{text_configuration()}', {self._name(row)}::text)"

    def _write(self, way: str, *, weights: str = "", is_open: bool = False) -> str:
        is_open = is_open and len(way) > 1 and way.isalnum()
        plain, mark = way, f":{weights}" if weights else ""
        if mark:
            for sign in ("<->", "&"):
                plain = plain.replace(sign, f"{mark}{sign}")
        stem, whole = f"{plain}{mark}", f"{plain}:*{weights}" if is_open else f"{plain}{mark}"
        return (
            f"(to_tsquery('{text_configuration()}', {self._name(stem)}::text)"
            f" || to_tsquery('{PLAIN}', {self._name(whole)}::text))"
        )

    def _name(self, value: str) -> str:
        """Psycopg writes parameters into the statement, so that the planner sees constants."""
        name = next((name for name, known in self.params.items() if known == value), f"{self.prefix}{len(self.params)}")
        self.params[name] = value
        return f"%({name})s"


def split_way(way: str) -> list[str]:
    """The words of one way to write an asked word."""
    return way.replace("<->", "&").split("&")
