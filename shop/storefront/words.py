"""Menus of the frame as templates show them: unchanging, so that a piece of a page can be remembered by them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLink:
    """`url` is empty for the title of a group. `is_current`: the page asked for is this one or below it."""

    name: str
    url: str
    is_current: bool = False
    children: tuple["MenuLink", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterGroup:
    title: str
    links: tuple[MenuLink, ...]


def read_menu(entries: Iterable[Mapping[str, Any]], *, path: str) -> tuple[MenuLink, ...]:
    """Entries of a published menu (see catalog.content.snapshot), on the page at `path`."""
    return tuple(
        MenuLink(
            name=entry["name"],
            url=entry["url"],
            is_current=is_at(entry["url"], path=path),
            children=read_menu(entry["children"], path=path),
        )
        for entry in entries
    )


def is_at(url: str, *, path: str) -> bool:
    return url == path if url in ("", "/") else path.startswith(url)


def group_links(menu: Iterable[MenuLink]) -> tuple[FooterGroup, ...]:
    """A footer: the first level are titles. What stands there without a group of its own leads to itself."""
    return tuple(
        FooterGroup(title=entry.name, links=((entry,) if entry.url else ()) + tuple(_flatten(entry.children)))
        for entry in menu
    )


def _flatten(links: Iterable[MenuLink]) -> Iterable[MenuLink]:
    for link in links:
        yield link
        yield from _flatten(link.children)
