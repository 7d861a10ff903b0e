"""What every page's frame shows: the shop's name, the top categories, the footer. The same for everyone."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from catalog.categories import category_tree
from shop.storefront.links import Link, category_url
from shop.storefront.words import FOOTER, LEGAL, FooterGroup, FooterLink

MOST_CATEGORIES = 14


class Frame:
    """Lazy: a page without the category row asks the database nothing."""

    shop_name: str = settings.SHOP_NAME
    promise: str = settings.SHOP_TAGLINE
    footer: tuple[FooterGroup, ...] = FOOTER
    legal: tuple[FooterLink, ...] = LEGAL

    def __init__(self, path: str) -> None:
        self.path = path

    @cached_property
    def categories(self) -> tuple[Link, ...]:
        return tuple(
            Link(
                pk=node.id,
                name=node.name,
                url=(url := category_url(node.address)),
                is_current=self.path.startswith(url),
            )
            for node in category_tree(levels=1)[:MOST_CATEGORIES]
        )


def frame_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "frame": Frame(request.path),
        "shop_name": settings.SHOP_NAME,
        "currency": settings.SHOP_CURRENCY,
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
    }
