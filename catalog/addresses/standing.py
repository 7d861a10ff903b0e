"""Whether a path of this shop leads a shopper somewhere: asked before a link or a redirect to it is published."""

from enum import Enum
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve
from oscar.apps.catalogue.models import Product

from catalog.addresses.moved import find_moved
from catalog.categories import find_category
from catalog.collections.records import Collection
from catalog.content.models import Page
from catalog.content.shown import shown_page
from catalog.publication.openness import is_published


class Standing(Enum):
    SHOWN = "is shown"
    MOVED = "has moved"
    HIDDEN = "is hidden from the shop"
    ABSENT = "does not exist"


def standing_of(link: str) -> Standing:
    """Of a path, with or without query and fragment. A product or category that moved and is shown counts as moved."""
    path = unquote(urlsplit(link).path)
    kind, _, rest = path.lstrip("/").partition("/")
    if kind == "p" and rest.strip("/"):
        found = Product.objects.filter(slug=rest.strip("/")).exclude(structure=Product.CHILD)
        is_there, is_shown = found.exists(), found.filter(is_published()).exists()
        return _judge(path, is_there=is_there, is_shown=is_shown)
    if kind == "c" and rest.strip("/"):
        return _judge(path, is_there=False, is_shown=find_category(rest) is not None)
    if kind == "info" and rest.strip("/"):
        page = Page.objects.filter(slug=rest.strip("/"))
        return _judge(path, is_there=page.exists(), is_shown=shown_page(rest.strip("/")) is not None)
    if kind == "collection" and rest.strip("/"):
        found = Collection.objects.filter(slug=rest.strip("/"))
        return _judge(path, is_there=found.exists(), is_shown=found.filter(is_public=True).exists())
    try:
        resolve(path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/")
    except Resolver404:
        return Standing.ABSENT
    return Standing.SHOWN


def _judge(path: str, *, is_there: bool, is_shown: bool) -> Standing:
    if is_shown:
        return Standing.SHOWN
    if find_moved(path) is not None:
        return Standing.MOVED
    return Standing.HIDDEN if is_there else Standing.ABSENT
