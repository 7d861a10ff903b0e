"""The markup that staff may write: that of running text. Scripts, styles, frames and handlers are taken out."""

import re
from html.parser import HTMLParser
from typing import Final

import nh3
from django.utils.html import linebreaks

TAGS: Final = {
    "p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "h3", "h4", "a", "blockquote", "dl", "dt", "dd", "hr", "abbr",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href"}, "abbr": {"title"}, "th": {"scope"}, "h3": {"id"}}
_MARKUP: Final = re.compile(r"<\s*[/a-zA-Z!]")


def clean_markup(text: str) -> str:
    """Safe HTML; text without markup gets paragraphs. Cleaning what is clean changes nothing."""
    if not _MARKUP.search(text):
        return linebreaks(text, autoescape=True) if text.strip() else ""
    cleaned = nh3.clean(text, tags=TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"})
    return cleaned if _MARKUP.search(cleaned) or not cleaned.strip() else linebreaks(cleaned)


def links_in(html: str) -> list[str]:
    """The targets of all links, in order."""
    finder = _LinkFinder()
    finder.feed(html)
    return finder.found


class _LinkFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
