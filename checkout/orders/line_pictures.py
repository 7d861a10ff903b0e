"""The picture, tint and address of products on an order's lines, in one query for any number of lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.media.sources import build_sources
from catalog.search.records import SearchDocument


@dataclass(frozen=True, slots=True)
class LinePicture:
    """`picture` as templates/components/picture.html shows it, or None; `url` is "" when the page is gone."""

    picture: dict[str, Any] | None
    url: str
    tint: int


NOTHING = LinePicture(picture=None, url="", tint=0)


def pictures_of(product_ids: Iterable[int]) -> dict[int, LinePicture]:
    """By id of the listed product (a variant's parent)."""
    documents = SearchDocument.objects.filter(pk__in=set(product_ids)).only("slug", "title", "card")
    return {document.pk: _read(document) for document in documents}


def _read(document: SearchDocument) -> LinePicture:
    facts = document.card.get("picture")
    picture = None
    if facts:
        sources = build_sources(facts)
        picture = {
            "src": sources.src,
            "alt": "",
            "width": sources.width,
            "height": sources.height,
            "sources": [
                {"type": "image/avif", "srcset": sources.avif},
                {"type": "image/webp", "srcset": sources.webp},
            ],
        }
    return LinePicture(picture=picture, url=f"/p/{document.slug}/", tint=document.pk % 6)
