"""The columns of what is known of a product beside its price and its attributes: text to one form, and back. Pure.

`publish_from` and `publish_to` are minutes (`2026-11-27 08:00`, on the shop's clock unless an offset is given); `maker`,
`responsible_person`, `personalisation` (several by `|`) and `files` (several by `|`) are names; `safety_documents` is
`Title=https://…`, several by `|`. `files` of a variant are its own; after `||` come those of the whole product.
"""

import re
from collections.abc import Mapping
from typing import Final

from catalog.customs import READERS, WrongFact
from catalog.importing import cells
from catalog.importing.rows import CLEAR, Text, UnreadableCell
from catalog.publication.instants import NoSuchInstant, read_instant, write_instant

SHARED: Final = (
    "publish_from",
    "publish_to",
    "maker",
    "responsible_person",
    "safety_warnings",
    "safety_documents",
    "personalisation",
)
"""Of the listed product: rows of one handle agree in them."""
LOGISTICS: Final = tuple(READERS)
"""Of each SKU; a variant without a fact of its own has its product's."""
FILES: Final = "files"
WHOLE_FILES: Final = "product_files"
"""Not a column: what stands behind `||` under `files`."""
COLUMNS: Final = (*SHARED, *LOGISTICS, FILES)
_DOCUMENT: Final = re.compile(r"(?P<title>.{1,120}?)=(?P<url>https?://\S{1,480})")
_NAME: Final = 200

Facts = Mapping[str, Text]
"""By column (or WHOLE_FILES): the one form of the text, CLEAR, or nothing said."""


def read_facts(cell: Mapping[str, Text]) -> dict[str, Text]:
    """The columns that say something. Raises UnreadableCell."""
    found: dict[str, Text] = {}
    for name in COLUMNS:
        text = cell.get(name)
        if text is None:
            continue
        if name == FILES and isinstance(text, str):
            own, *whole = re.split(r"(?<!\\)\|\|", text, maxsplit=1)
            if own or not whole:
                found[FILES] = _read_names(own, column=FILES)
            if whole:
                found[WHOLE_FILES] = _read_names(whole[0], column=FILES)
        else:
            found[name] = CLEAR if text is CLEAR else _read(name, text)
    return found


def write_facts(facts: Facts) -> list[str]:
    """The cells of COLUMNS."""
    whole = facts.get(WHOLE_FILES)
    written = [_text(facts.get(name)) for name in COLUMNS]
    if isinstance(whole, str):
        written[-1] = f"{written[-1]}||{whole}"
    return written


def split_names(text: str) -> list[str]:
    return [name for name in cells.split_escaped(text, "|") if name]


def split_documents(text: str) -> list[tuple[str, str]]:
    """Titles and addresses."""
    found = (_DOCUMENT.fullmatch(part) for part in split_names(text))
    return [(one["title"].strip(), one["url"]) for one in found if one is not None]


def join_facts(name: str, parts: list[str]) -> str:
    """The one form of what the shop holds under a column, from its rows in their order."""
    if name in ("publish_from", "publish_to"):
        return write_instant(read_instant(parts[0]))
    if name == "personalisation":
        parts = sorted(parts, key=str.casefold)
    return cells.join_escaped(parts, "|") if name in ("personalisation", "safety_documents", FILES) else parts[0]


def _read(name: str, text: str) -> str:
    try:
        if name in READERS:
            return READERS[name](text)
        if name in ("publish_from", "publish_to"):
            return write_instant(read_instant(text))
    except (WrongFact, NoSuchInstant) as problem:
        raise UnreadableCell(column=name, value=text, reason=str(problem)) from problem
    if name == "safety_documents":
        return _read_documents(text)
    if name == "personalisation":
        return join_facts(name, split_names(_read_names(text, column=name)))
    if name == "safety_warnings":
        if len(text) > 4000:
            reason = f"The warnings have {len(text):,} characters, 4,000 are the most. Shorten them."
            raise UnreadableCell(column=name, value=text, reason=reason)
        return text.replace("\r\n", "\n").strip()
    return cells.read_text(text, column=name, length=_NAME)


def _read_names(text: str, *, column: str) -> str:
    names = [cells.read_text(name, column=column, length=_NAME) for name in split_names(text)]
    return cells.join_escaped(list(dict.fromkeys(names)), "|")


def _read_documents(text: str) -> str:
    for part in split_names(text):
        if _DOCUMENT.fullmatch(part) is None:
            reason = f"“{part[:60]}” is no document. Expected Title=https://…, several joined by |."
            raise UnreadableCell(column="safety_documents", value=text, reason=reason)
    return cells.join_escaped([f"{title}={url}" for title, url in split_documents(text)], "|")


def _text(value: Text) -> str:
    return value if isinstance(value, str) else ""
