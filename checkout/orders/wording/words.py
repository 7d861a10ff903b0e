"""What the words of a mail may hold, and what becomes of them: plain text with names in braces, nothing that runs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from string import Formatter
from typing import Final

OF_THE_SHOP: Final = ("subject", "headline", "sentence")
PLACES: Final[Mapping[str, str]] = {
    "subject": "the shop's own subject",
    "headline": "the shop's own first line",
    "sentence": "the shop's own sentence: where the order stands, and what happens next",
    "number": "the number of the order",
    "name": "the first name in the delivery address; empty when there is none",
    "shop": "the name of the shop",
}
LONGEST: Final = {"subject": 200, "headline": 200, "sentence": 2000, "closing": 2000}


class BrokenWording(ValueError):
    """Words that cannot be sent; `problems` are sentences for who wrote them, by the field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems.values()))


@dataclass(frozen=True, slots=True)
class Words:
    """The subject, the first line, what stands below it, and what stands at the end of a mail."""

    subject: str
    headline: str
    sentence: str
    closing: str = ""


OWN: Final = Words(*(f"{{{name}}}" for name in OF_THE_SHOP))
"""The shop's own words, as a version that staff begin with."""


def check_words(words: Words) -> None:
    """Raises BrokenWording with everything that is wrong."""
    problems = {one.name: found for one in fields(words) if (found := _problem(one.name, getattr(words, one.name)))}
    if problems:
        raise BrokenWording(problems)


def fill_in(words: Words, values: Mapping[str, str]) -> Words:
    """Checked words with `values` for PLACES. A subject is one line, whatever a customer is called."""
    filled = {one.name: _fill(getattr(words, one.name), values) for one in fields(words)}
    return Words(**{**filled, "subject": " ".join(filled["subject"].split())[:250]})


def _problem(name: str, text: str) -> str:
    if not text.strip():
        return "" if name == "closing" else f"The {name} is empty: write it, or {{{name}}} for the shop's own."
    if len(text) > LONGEST[name]:
        return f"The {name} has {len(text)} letters; {LONGEST[name]} are the most."
    if name in ("subject", "headline") and len(text.splitlines()) > 1:
        return f"The {name} is one line."
    try:
        found = [(place, form, how) for _, place, form, how in Formatter().parse(text) if place is not None]
    except ValueError:
        return f"The {name} has a brace too many or too few: a name stands between one {{ and one }}."
    wrong = next((place for place, form, how in found if place not in PLACES or form or how), None)
    if wrong is not None:
        return f"The {name} asks for {{{wrong}}}, which no mail knows. Known are: {', '.join(PLACES)}."
    return ""


def _fill(text: str, values: Mapping[str, str]) -> str:
    return "".join(before + (values[place] if place else "") for before, place, _, _ in Formatter().parse(text))
