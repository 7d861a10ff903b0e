"""The picture, tint and address of products on an order's lines, in two queries for any number of lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.media.records import ProductMedia
from catalog.media.sources import build_sources, describe_file
from catalog.publication.openness import open_documents
from catalog.search.records import SearchDocument


@dataclass(frozen=True, slots=True)
class LinePicture:
    """`picture` as templates/components/picture.html shows it, or None; `url` is "" when the page is gone."""

    picture: dict[str, Any] | None
    url: str
    tint: int


NOTHING = LinePicture(picture=None, url="", tint=0)


def pictures_of(listed_ids: Mapping[int, int]) -> dict[int, LinePicture]:
    """By id of the sold product; `listed_ids` names for each the product that has a page (a variant's parent, or itself).

    A variant is shown in its own picture where it has one.
    """
    documents = SearchDocument.objects.filter(open_documents(), pk__in=set(listed_ids.values())).only(
        "slug", "title", "card"
    )
    listed = {document.pk: document for document in documents}
    own: dict[int, dict[str, Any]] = {}
    for one in ProductMedia.objects.filter(product_id__in=listed_ids).select_related("file").order_by("position", "pk"):
        own.setdefault(one.product_id, describe_file(one.file))
    return {
        sold_id: _read(listed[listed_id], own.get(sold_id))
        for sold_id, listed_id in listed_ids.items()
        if listed_id in listed
    }


def _read(document: SearchDocument, own: dict[str, Any] | None) -> LinePicture:
    facts = own or document.card.get("picture")
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
