"""The addresses of a stored picture's renditions, as a template needs them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from catalog.media.records import MediaFile
from catalog.media.render import FORMATS, fallback_width

FOLDER = "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSources:
    """`avif` and `webp` are `srcset` values with width descriptors; `src` is a JPEG. Width and height in pixels."""

    src: str
    avif: str
    webp: str
    width: int
    height: int
    alt: str
    largest: str


def folder_of(digest: str) -> str:
    return f"{FOLDER}/{digest[:2]}/{digest}"


def picture_sources(file: MediaFile, *, alt: str = "") -> PictureSources:
    return build_sources(describe_file(file, alt=alt))


def describe_file(file: MediaFile, *, alt: str = "") -> dict[str, Any]:
    """The facts that a card keeps, so that a list needs no query for its pictures."""
    return {"digest": file.digest, "width": file.width, "height": file.height, "widths": file.widths, "alt": alt}


def build_sources(facts: Mapping[str, Any]) -> PictureSources:
    base = f"{settings.MEDIA_URL}{folder_of(facts['digest'])}"
    widths: Sequence[int] = facts["widths"]
    sets = {kind: ", ".join(f"{base}/{width}.{kind} {width}w" for width in widths) for kind in FORMATS}
    return PictureSources(
        src=f"{base}/{fallback_width(tuple(widths))}.jpg",
        avif=sets["avif"],
        webp=sets["webp"],
        width=facts["width"],
        height=facts["height"],
        alt=facts["alt"],
        largest=f"{base}/{widths[-1]}.webp",
    )
