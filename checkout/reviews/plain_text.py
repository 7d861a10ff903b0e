"""What strangers write, as plain words: no markup, no address to go to, no character that hides."""

import re
from html import unescape
from typing import Final

import nh3

REMOVED: Final = "(link removed)"
_ENDINGS: Final = "com|net|org|info|biz|shop|xyz|store|online|club|icu|ru|cn|tk|de|eu|co|io|me|ly|gl"
_LINK: Final = re.compile(
    rf"(?:\w+\s*:\s*//\S+)|(?:\bwww\s*\.\s*\S+)|(?:\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?:\b[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})\b(?:/\S*)?)",
    re.IGNORECASE,
)
_MARKDOWN: Final = re.compile(r"\[url[^\]]*\]|\[/url\]", re.IGNORECASE)
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


def plain_line(text: str) -> str:
    """One line: for a title or a name."""
    return " ".join(plain_paragraphs(text).split())


def plain_paragraphs(text: str) -> str:
    """Markup goes (a script with its content), addresses become REMOVED; line breaks stay, two at most.

    Twice gives the same as once, so it may be asked again of texts that came by another way, an import say.
    """
    without_tags = unescape(nh3.clean(text, tags=set())) if "<" in text or "&" in text else text
    without_links = _LINK.sub(REMOVED, _MARKDOWN.sub(" ", without_tags))
    lines = without_links.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cleaned = (" ".join("".join(char if char.isprintable() else " " for char in line).split()) for line in lines)
    return _EMPTY_LINES.sub("\n\n", "\n".join(cleaned)).strip()
