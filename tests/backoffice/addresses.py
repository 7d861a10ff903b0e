"""Every address of the back office, from the address table itself; a new page appears here by itself."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver

OPEN_TO_ALL = {"login", "logout"}


def admin_patterns() -> Iterator[tuple[str, str]]:
    """(name, address) below /admin/, with `{id}` where an object's key goes."""
    for pattern, prefix in _walk(admin.site.urls[0], "/admin/"):
        if pattern.name:
            yield pattern.name, prefix


def _walk(patterns: Any, prefix: str) -> Iterator[tuple[URLPattern, str]]:
    for one in patterns:
        address = prefix + _read(str(one.pattern))
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, address)
        else:
            yield one, address


def _read(route: str) -> str:
    parts = []
    for part in route.removesuffix("$").split("/"):
        parts.append("{id}" if part.startswith(("<", "^(")) else part)
    return "/".join(parts)
