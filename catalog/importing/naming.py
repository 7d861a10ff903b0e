"""Handles and attribute codes made from the names that people wrote."""

import hashlib
import keyword
import re
import unicodedata
from functools import lru_cache

DEFAULT_CLASS = "General"
NOT_SHIPPED = "not shipped"
NOT_COUNTED = "not counted"
HANDLE = re.compile(r"[-a-zA-Z0-9_]+")
HANDLE_LENGTH = 255
CODE = re.compile(r"[a-zA-Z_][0-9a-zA-Z_]{0,99}")
TAKEN_CODES = frozenset(keyword.kwlist) | {
    "cache",
    "get_all_attributes",
    "get_attribute_by_code",
    "get_value_by_attribute",
    "get_values",
    "initialize",
    "initialized",
    "invalidate",
    "prepare_save",
    "product",
    "refresh",
    "save",
    "set",
    "update",
    "validate_attributes",
}
"""Words of Python and of Oscar's attribute container, where an attribute of that code would hide what they do."""


@lru_cache(maxsize=4096)
def make_handle(name: str) -> str:
    """`Chaz Kangeroo Hoodie` → `chaz-kangeroo-hoodie`. A name without Latin letters gets a stable digest instead."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    handle = re.sub(r"[-\s_/.,|]+", "-", re.sub(r"[^\w\s/.,|-]", "", ascii_name.lower())).strip("-")
    if handle:
        return handle[:200].rstrip("-")
    return "p-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@lru_cache(maxsize=4096)
def make_code(name: str) -> str:
    """`Strap/Handle` → `strap_handle`: a code that an attribute may have (letters, digits, underscores; no digit first)."""
    code = make_handle(name).replace("-", "_")[:100]
    return code if is_code(code) else f"a_{code}"[:100]


def is_code(text: str) -> bool:
    return bool(CODE.fullmatch(text)) and text not in TAKEN_CODES and not text.startswith("__")


def name_class(name: str | None, *, is_shipped: bool, is_counted: bool) -> str | None:
    """The product class of what another shop does not send, or sells without counting it: `General (not shipped)`."""
    marks = [mark for mark, holds in ((NOT_SHIPPED, not is_shipped), (NOT_COUNTED, not is_counted)) if holds]
    return f"{(name or DEFAULT_CLASS)[:90]} ({', '.join(marks)})" if marks else name


def read_class(name: str) -> tuple[bool, bool]:
    """(is shipped, is counted) of a class that is made by its name."""
    marks = re.search(r"\(([a-z, ]+)\)$", name)
    said = marks[1].split(", ") if marks else []
    return NOT_SHIPPED not in said, NOT_COUNTED not in said
