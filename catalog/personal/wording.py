"""Whether a text may be written on a thing: pure, so that it can be tried word by word.

Banned words are found as whole words, whatever their case and accents, with figures for letters (`sh1p`), and spaced out
(`s h i p`, `s.h.i.p`). A word inside a longer one is not meant: Scunthorpe is a town.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

_LEET = str.maketrans("0134578@$!", "oieastbasi")
_SPACED = re.compile(r"(?<!\w)(?:\w[\W_]+){2,}\w(?!\w)")


class TextRefused(ValueError):
    """The text cannot be written; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """A text that a product asks for. `code` names the form's field; `surcharge` for each unit."""

    option_id: int
    code: str
    name: str
    help_text: str
    is_required: bool
    max_length: int
    extra_characters: str
    surcharge: Decimal


def check_text(field: TextField, text: str, *, banned: Collection[str]) -> str:
    """The text as it will be written: composed, with single spaces. "" when nothing is asked for.

    Raises TextRefused.
    """
    written = " ".join(unicodedata.normalize("NFC", text).split())
    if not written:
        if field.is_required:
            raise TextRefused(f"{field.name}: please say what to write. Nothing was added.")
        return ""
    if len(written) > field.max_length:
        raise TextRefused(
            f"{field.name}: at most {field.max_length} characters fit, yours are {len(written)}. Please shorten it."
        )
    strange = next((one for one in written if not _is_allowed(one, field.extra_characters)), None)
    if strange is not None:
        shown = strange if strange.isprintable() else f"U+{ord(strange):04X}"
        also = f" and {' '.join(field.extra_characters)}" if field.extra_characters else ""
        raise TextRefused(f"{field.name}: “{shown}” cannot be written. Letters, figures, spaces{also} can.")
    if find_banned(written, banned=banned):
        raise TextRefused(f"{field.name}: we do not write this. Please choose other words.")
    return written


def fold_word(text: str) -> str:
    """Small letters and figures without accents: how banned words are kept and compared."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return plain.casefold().strip()


def find_banned(text: str, *, banned: Collection[str]) -> str:
    """The first banned word in the text; "" when there is none."""
    folded = fold_word(text)
    joined = [re.sub(r"[\W_]+", "", found) for found in _SPACED.findall(folded)]
    words = [*re.findall(r"[\w@$!]+", folded), *re.findall(r"\w+", folded), *joined, re.sub(r"[\W_]+", "", folded)]
    for word in words:
        for spelling in (word, word.translate(_LEET), word.rstrip("!").translate(_LEET)):
            if spelling in banned:
                return spelling
    return ""


def _is_allowed(one: str, extra: str) -> bool:
    return one == " " or one in extra or unicodedata.category(one) in ("Lu", "Ll", "Lt", "Lo", "Lm", "Nd")
