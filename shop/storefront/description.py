"""A product's description as safe HTML: staff and imports may write some markup, never a script or a style."""

from html import unescape
from typing import Final

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

TAGS: Final = {
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "strong",
    "b",
    "em",
    "i",
    "h3",
    "h4",
    "a",
    "table",
    "tbody",
    "tr",
    "th",
    "td",
}


def clean_description(text: str) -> SafeString:
    """Plain text gets paragraphs; markup keeps the tags of running text."""
    if "<" not in text:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308
    cleaned = nh3.clean(text, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return mark_safe(cleaned)  # noqa: S308


def plain_words(text: str) -> str:
    """The words of a description alone, for lead texts and search engines; scripts and styles go with their content."""
    return " ".join(unescape(nh3.clean(text.replace("<", " <"), tags=set())).split())
