"""What every page's frame shows: the shop's name, the top categories, the footer. The same for everyone."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from catalog.content.models import Menu
from catalog.content.shown import FrameFacts, read_frame
from shop.storefront.links import Link, category_url
from shop.storefront.words import FooterGroup, MenuLink, group_links, read_menu

MOST_CATEGORIES = 14


class Frame:
    """Lazy: one query when the first part of it is shown. `draft` shows a menu's entries as they would be."""

    shop_name: str = settings.SHOP_NAME
    promise: str = settings.SHOP_TAGLINE

    def __init__(self, path: str, *, draft: Mapping[str, list[dict[str, Any]]] | None = None) -> None:
        self.path = path
        self._draft = draft or {}

    @cached_property
    def _facts(self) -> FrameFacts:
        return read_frame(categories=MOST_CATEGORIES)

    @cached_property
    def categories(self) -> tuple[Link, ...]:
        return tuple(
            Link(pk=pk, name=name, url=(url := category_url(slug)), is_current=self.path.startswith(url))
            for pk, name, slug in self._facts.categories
        )

    @cached_property
    def menu(self) -> tuple[MenuLink, ...]:
        """Staff's menu under the header; without one the top categories."""
        staffs = self._menu(Menu.Place.HEADER)
        return staffs or tuple(
            MenuLink(name=one.name, url=one.url, is_current=one.is_current) for one in self.categories
        )

    @cached_property
    def footer(self) -> tuple[FooterGroup, ...]:
        return group_links(self._menu(Menu.Place.FOOTER))

    @cached_property
    def legal(self) -> tuple[MenuLink, ...]:
        return self._menu(Menu.Place.LEGAL)

    def _menu(self, place: str) -> tuple[MenuLink, ...]:
        entries = self._draft[place] if place in self._draft else self._facts.menus.get(place, [])
        return read_menu(entries, path=self.path)


def frame_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "frame": Frame(request.path),
        "shop_name": settings.SHOP_NAME,
        "currency": settings.SHOP_CURRENCY,
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
    }
