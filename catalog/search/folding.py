"""One way to fold text, for documents and for questions: lower case, no accents, letters and digits only.

Done here and not in the database, so that the answer does not depend on a server's locale.
"""

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final

from catalog.search.languages import stop_words

LONGEST_QUESTION: Final = 200
LONGEST_COMPOUND: Final = 40
LONGEST_SHARED: Final = 60
MOST_WORDS: Final = 12
MOST_PARTS: Final = 5

Alternatives = tuple[str, ...]
"""One asked word: every way to write it, the likeliest first. `usb<->c` are words in a row, `oak&shelf` words that all stand."""

_TAG = re.compile(r"<[^>]*>")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_NO_WORD = re.compile(r"[\W_]+")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
# Most texts are ASCII, which a table folds in a tenth of the time of the expression above.
_ASCII: Final = str.maketrans({chr(code): chr(code) if chr(code).isalnum() else " " for code in range(128)})
_DIGIT = re.compile(r"\d")
# Few texts hold a compound: to look for such a sign, then for letters beside it, is quicker than to try every word.
_HELD = re.compile(r"[-‐‑–./,+&_](?<=[^\W_].)(?=[^\W_])")
# Letters and digits held together by one sign: wi-fi, usb-c, 802.11n, 15.6, AC/DC.
_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑–./,+&_][^\W_]+)+")
_MEASURE = re.compile(r"(?<![^\W_])(\d+)([a-z]{1,4})(?![^\W_])")
# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


def fold_text(text: str) -> str:
    """`Crème-brûlée Schüssel, 2 l` → `creme brulee schussel 2 l`."""
    return _part_words(_fold_letters(text))


def fold_for_index(text: str) -> str:
    """The words of `fold_text`, and behind them compounds in one word and measures in two: `wi-fi 64gb` → `… wifi 64 gb`."""
    letters = _fold_letters(text)
    words = _part_words(letters)
    more = []
    if _HELD.search(letters):
        more = [joined for found in _COMPOUND.finditer(letters) if len(joined := _join(found[0])) <= LONGEST_COMPOUND]
    if _DIGIT.search(words):
        more += [f"{number} {unit}" for number, unit in _MEASURE.findall(words)]
    return " ".join([words, *dict.fromkeys(more)]) if more else words


def fold_shared(text: str) -> str:
    """The same, remembered: for values and names that many products have."""
    return _remember_fold(text) if len(text) <= LONGEST_SHARED else fold_for_index(text)


_remember_fold = lru_cache(maxsize=8_192)(fold_for_index)


def strip_markup(text: str) -> str:
    """The words of an HTML description."""
    return html.unescape(_TAG.sub(" ", text))


def read_words(text: str) -> list[str]:
    """The words of a shopper's question, stop words left out unless nothing else is asked. At most twelve."""
    words = list(dict.fromkeys(fold_text(text[:LONGEST_QUESTION]).split()))
    telling = [word for word in words if word not in stop_words()]
    return (telling or words)[:MOST_WORDS]


def read_question(text: str) -> list[Alternatives]:
    """The words of a shopper's question, each with its ways of writing; compounds and measures are one word."""
    asked: list[Alternatives] = []
    for token in _fold_letters(text[:LONGEST_QUESTION]).split():
        asked.extend(_read_token(token))
    asked = list(dict.fromkeys(asked))
    telling = [word for word in asked if word[0] not in stop_words()]
    return (telling or asked)[:MOST_WORDS]


def _read_token(token: str) -> list[Alternatives]:
    parts = _NO_WORD.sub(" ", token).split()
    compound = _COMPOUND.search(token)
    joined = _join(compound[0]) if compound else ""
    if compound is None or len(parts) > MOST_PARTS or compound[0].count(" ") or len(joined) > LONGEST_COMPOUND:
        return [_read_word(part) for part in parts]
    if _NO_WORD.sub(" ", compound[0]).split() != parts:
        return [_read_word(part) for part in parts]
    is_row = any(len(part) < 3 or not part.isalpha() for part in parts)
    return [(joined, ("<->" if is_row else "&").join(parts))]


def _read_word(word: str) -> Alternatives:
    measure = _MEASURE.fullmatch(word)
    return (word, f"{measure[1]}<->{measure[2]}") if measure else (word,)


def _join(compound: str) -> str:
    """The point of a figure stays, as a letter: 15.6 is not 156."""
    return _NO_WORD.sub("", _DECIMAL.sub("p", compound))


def _part_words(letters: str) -> str:
    if letters.isascii():
        return " ".join(letters.translate(_ASCII).split())
    return _NO_WORD.sub(" ", letters).strip()


def _fold_letters(text: str) -> str:
    folded = _APOSTROPHE.sub("", text) if "'" in text or "’" in text else text
    if not folded.isascii():  # Twice: taking apart can bring up capitals, and small letters can come apart again.
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", folded).casefold())
        folded = "".join(letter for letter in folded if not unicodedata.combining(letter)).translate(_LETTERS)
    return folded.lower()
