"""Which files are sold: by the ending of the name and by what the bytes say, which have to agree."""

from typing import Final

MOST_BYTES: Final = 250 * 2**20
HEAD: Final = 512
"""Bytes of the beginning that tell what a file is."""

_ZIP: Final = (b"PK\x03\x04",)
_TEXT: Final = ()
KINDS: Final = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "epub": ("application/epub+zip", _ZIP),
    "zip": ("application/zip", _ZIP),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "svg": ("image/svg+xml", (b"<svg", b"<?xml")),
    "mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "wav": ("audio/wav", (b"RIFF",)),
    "flac": ("audio/flac", (b"fLaC",)),
    "txt": ("text/plain; charset=utf-8", _TEXT),
    "csv": ("text/csv; charset=utf-8", _TEXT),
    "mp4": ("video/mp4", (b"ftyp",)),
}
_FOUR_IN: Final = frozenset({"mp4"})
"""Their mark stands behind four bytes of length."""


class FileRefused(ValueError):
    """The file cannot be sold; the message is the sentence to show."""


def check_kind(name: str, head: bytes) -> str:
    """The content type of a file called `name` that begins with `head`. Raises FileRefused."""
    ending = name.rpartition(".")[2].lower()
    if "." not in name.strip(".") or ending not in KINDS:
        raise FileRefused(f"“{name[:80]}” is not sold here: the name ends in one of {', '.join(sorted(KINDS))}.")
    content_type, marks = KINDS[ending]
    begins = head[4:] if ending in _FOUR_IN else head.lstrip() if ending == "svg" else head
    is_right = any(begins.startswith(mark) for mark in marks) if marks else _is_text(head)
    if not is_right:
        raise FileRefused(f"“{name[:80]}” says {ending} but its content is something else. Upload the right file.")
    return content_type


def check_name(name: str) -> str:
    """The name as it will be kept, without a path. Raises FileRefused."""
    kept = " ".join(name.replace("\\", "/").rpartition("/")[2].split())
    if not kept or len(kept) > 150 or not kept.isprintable() or "|" in kept or kept.startswith("."):
        raise FileRefused("A file's name has 1 to 150 letters, figures and signs, and neither “|” nor a dot in front.")
    return kept


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return True
