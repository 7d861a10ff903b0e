"""Pictures as templates show them (templates/components/picture.html)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.media.sources import PictureSources, build_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSet:
    type: str
    srcset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Width and height in pixels, of the original: they reserve the space."""

    src: str
    alt: str
    width: int
    height: int
    sources: tuple[SourceSet, ...]
    large_url: str


def show_picture(facts: Mapping[str, Any] | None, *, alt: str | None = None) -> Picture | None:
    """From the facts that a search document or a query holds (`catalog.media.sources.describe_file`)."""
    if not facts:
        return None
    found: PictureSources = build_sources(facts)
    return Picture(
        src=found.src,
        alt=found.alt if alt is None else alt,
        width=found.width,
        height=found.height,
        sources=(
            SourceSet(type="image/avif", srcset=found.avif),
            SourceSet(type="image/webp", srcset=found.webp),
        ),
        large_url=found.largest,
    )
