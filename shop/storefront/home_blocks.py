"""The home page as an arrangement of blocks: staff's own, or a sensible one made from the catalogue."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from catalog.media.sources import describe_file
from catalog.publication.openness import OPEN_DOCUMENT
from shop.storefront.cards import Card
from shop.storefront.links import Link
from shop.storefront.pictures import Picture, show_picture
from shop.storefront.promises import Promise, shop_promises
from shop.storefront.rails import best_liked, build_rails, most_reduced, newest
from shop.storefront.records import HomeBlock

FEWEST_IN_RAIL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    name: str
    url: str
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    quote: str
    who: str
    product_name: str
    product_url: str


@dataclass(slots=True, kw_only=True)
class ShownBlock:
    """One block of templates/storefront/home.html; which fields matter depends on `kind`."""

    kind: str
    title: str = ""
    text: str = ""
    link_url: str = ""
    link_name: str = ""
    picture: Picture | None = None
    tint: int = 0
    tiles: list[Tile] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)


_TILE_PICTURES = f"""
SELECT category.id, document.card->'picture' FROM catalogue_category category
CROSS JOIN LATERAL (SELECT card FROM catalog_searchdocument document
    WHERE category_ids @> ARRAY[category.id::int] AND {OPEN_DOCUMENT} AND card->'picture' <> 'null'::jsonb
    ORDER BY popularity DESC, product_id LIMIT 1) AS document
WHERE category.id = ANY(%s)
"""
# Short and happy enough to quote; the newest of each product.
_VOICES = f"""
SELECT DISTINCT ON (review.product_id) review.body, COALESCE(NULLIF(review.name, ''), 'A customer'), document.title,
       document.slug, review.date_created
FROM reviews_productreview review JOIN catalog_searchdocument document ON document.product_id = review.product_id
WHERE review.status = 1 AND review.score = 5 AND length(review.body) BETWEEN 20 AND 140
  AND {OPEN_DOCUMENT}
ORDER BY review.product_id, review.date_created DESC, review.id DESC
"""


def arrange_home(categories: Sequence[Link]) -> list[ShownBlock]:
    """Ten queries at most, whatever is arranged."""
    arranged = [_show_row(row) for row in HomeBlock.objects.filter(is_shown=True).select_related("picture")]
    blocks = arranged or _default_blocks()
    _fill_rails(blocks)
    for block in blocks:
        if block.kind == HomeBlock.Kind.TILES:
            block.tiles = _tiles(categories)
        elif block.kind == HomeBlock.Kind.PROMISES:
            block.promises = shop_promises()
        elif block.kind == HomeBlock.Kind.VOICES:
            block.voices = _voices()
    return [block for block in blocks if _has_something(block)]


def _show_row(row: HomeBlock) -> ShownBlock:
    facts = describe_file(row.picture, alt=row.picture_alt) if row.picture else None
    return ShownBlock(
        kind=row.kind,
        title=row.title,
        text=row.text,
        link_url=row.link_url,
        link_name=row.link_name,
        picture=show_picture(facts),
        tint=row.tint,
    )


def _default_blocks() -> list[ShownBlock]:
    kind = HomeBlock.Kind
    return [
        ShownBlock(
            kind=kind.HERO, title=settings.SHOP_TAGLINE, link_url="/search/?sort=newest", link_name="See what is new"
        ),
        ShownBlock(kind=kind.PROMISES),
        ShownBlock(kind=kind.TILES, title="Look around"),
        ShownBlock(kind=kind.NEW, title="New", link_url="/search/?sort=newest", link_name="All that is new"),
        ShownBlock(kind=kind.REDUCED, title="Reduced"),
        ShownBlock(
            kind=kind.LIKED, title="Most bought", link_url="/search/?sort=popular", link_name="All by what is bought"
        ),
        ShownBlock(kind=kind.VOICES, title="What people say"),
    ]


def _fill_rails(blocks: Sequence[ShownBlock]) -> None:
    """All rails share one question about stock; the hero borrows the first picture when it has none."""
    sources = {HomeBlock.Kind.NEW: newest, HomeBlock.Kind.REDUCED: most_reduced, HomeBlock.Kind.LIKED: best_liked}
    rails = [block for block in blocks if block.kind in sources]
    kinds = list(dict.fromkeys(block.kind for block in rails))
    cards = dict(zip(kinds, build_rails([list(sources[HomeBlock.Kind(kind)]()) for kind in kinds]), strict=True))
    for block in rails:
        block.cards = cards[block.kind]
    shown = next((card for rail in cards.values() for card in rail if card.picture), None)
    for block in blocks:
        if block.kind == HomeBlock.Kind.HERO and block.picture is None and shown is not None:
            block.picture = shown.picture


def _tiles(categories: Sequence[Link]) -> list[Tile]:
    with connection.cursor() as cursor:
        cursor.execute(_TILE_PICTURES, ([category.pk for category in categories],))
        found = dict(cursor.fetchall())
    return [
        Tile(
            name=category.name,
            url=category.url,
            picture=show_picture(json.loads(found.get(category.pk) or "null"), alt=""),
        )
        for category in categories
    ]


def _voices() -> list[Voice]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({_VOICES}) AS quotes ORDER BY date_created DESC, title LIMIT 3")
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [
        Voice(quote=quote, who=who, product_name=name, product_url=f"/p/{slug}/") for quote, who, name, slug, _ in rows
    ]


def _has_something(block: ShownBlock) -> bool:
    if block.kind in (HomeBlock.Kind.NEW, HomeBlock.Kind.REDUCED, HomeBlock.Kind.LIKED):
        return len(block.cards) >= FEWEST_IN_RAIL
    if block.kind == HomeBlock.Kind.TILES:
        return bool(block.tiles)
    return block.kind != HomeBlock.Kind.VOICES or bool(block.voices)
