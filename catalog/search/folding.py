"""One way to fold text, for documents and for questions: lower case, no accents, letters and digits only.

Done here and not in the database, so that the answer does not depend on a server's locale.
"""

import html
import re
import unicodedata
from typing import Final

LONGEST_QUESTION: Final = 200
MOST_WORDS: Final = 12

_TAG = re.compile(r"<[^>]*>")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_NO_WORD = re.compile(r"[\W_]+")
# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})

# English words that say nothing about a product.
STOP_WORDS: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "from",
        "has",
        "have",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "so",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "were",
        "what",
        "which",
        "will",
        "with",
        "you",
        "your",
    ]
)


def fold_text(text: str) -> str:
    """`Crème-brûlée Schüssel, 2 l` → `creme brulee schussel 2 l`."""
    folded = _APOSTROPHE.sub("", text)
    if not folded.isascii():  # Twice: taking apart can bring up capitals, and small letters can come apart again.
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", folded).casefold())
        folded = "".join(letter for letter in folded if not unicodedata.combining(letter)).translate(_LETTERS)
    folded = folded.lower()
    return _NO_WORD.sub(" ", folded).strip()


def strip_markup(text: str) -> str:
    """The words of an HTML description."""
    return html.unescape(_TAG.sub(" ", text))


def read_words(text: str) -> list[str]:
    """The words of a shopper's question, stop words left out unless nothing else is asked. At most twelve."""
    words = list(dict.fromkeys(fold_text(text[:LONGEST_QUESTION]).split()))
    telling = [word for word in words if word not in STOP_WORDS]
    return (telling or words)[:MOST_WORDS]
