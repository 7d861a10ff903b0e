"""The one spelling of an address, so that a table of addresses can be asked for it."""

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

from shop.redirects.models import PATH_LENGTH

_KEPT: Final = "/-._~!$&'()*+,;=:@"


class UnusablePath(ValueError):
    """The text is not an address that can be redirected; the message is the sentence to show."""


def clean_path(text: str) -> str:
    """`https://old.example/Caf%C3%A9/?p=3#top` → `/Café?p=3`: no host, no last slash, no fragment, percent signs read.

    Raises UnusablePath.
    """
    path, query = _split(text)
    path = path.rstrip("/") or "/"
    if path == "/":
        raise UnusablePath("The home page itself cannot be redirected. Give the path of a page, such as /old-page.")
    return _checked(f"{path}?{query}" if query else path)


def clean_target(text: str) -> str:
    """A path of this shop as it is linked, with its last slash kept. Raises UnusablePath for another shop's address."""
    try:
        host = urlsplit(text.strip()).hostname
    except ValueError as error:
        raise UnusablePath(f"“{text[:60]}” is not an address. Expected a path such as /p/blue-lamp/.") from error
    if host and host != settings.SITE_HOST:
        raise UnusablePath(f"{host} is not this shop. A redirect leads to a path of this shop, such as /p/blue-lamp/.")
    path, query = _split(text)
    return _checked(f"{path}?{query}" if query else path)


def same_page(path: str) -> str:
    """A target in the spelling of `from_path`, to compare the two."""
    bare, mark, query = path.partition("?")
    return (bare.rstrip("/") or "/") + mark + query


def as_address(path: str) -> str:
    """What a Location header holds."""
    bare, mark, query = path.partition("?")
    return quote(bare, safe=_KEPT) + mark + quote(query, safe=_KEPT + "?%")


def _split(text: str) -> tuple[str, str]:
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise UnusablePath(f"“{text[:60]}” is not an address. Expected a path such as /old-page.") from error
    is_whole = parts.scheme in ("http", "https") and parts.netloc
    if not is_whole and (not text.startswith("/") or text.startswith(("//", "/\\"))):
        raise UnusablePath(f"“{text[:60]}” is not a path. Expected one that begins with /, such as /old-page.")
    path = unquote(parts.path) or "/"
    while path.startswith("//"):
        path = path[1:]
    return path, unquote(parts.query)


def _checked(path: str) -> str:
    if len(path) > PATH_LENGTH:
        raise UnusablePath(f"This address has {len(path):,} characters, {PATH_LENGTH} are the most. Shorten it.")
    if not path.isprintable() or "\\" in path or "�" in path:
        raise UnusablePath("This address holds characters that no address has. Type it anew.")
    return path
