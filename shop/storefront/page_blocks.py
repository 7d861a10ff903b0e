"""A page as an arrangement of blocks. The home page has a sensible one of its own, made from the catalogue."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.safestring import SafeString

from catalog.content.markup import clean_markup
from catalog.content.models import Block
from catalog.publication.openness import OPEN_DOCUMENT
from checkout.reviews.plain_text import plain_line
from shop.storefront.cards import Card
from shop.storefront.links import Link
from shop.storefront.pictures import Picture, show_picture
from shop.storefront.promises import Promise, shop_promises
from shop.storefront.rails import best_liked, build_rails, most_reduced, newest

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
    """One block of templates/storefront/blocks.html; which fields matter depends on `kind`. `html` is safe to show."""

    kind: str
    title: str = ""
    text: str = ""
    html: SafeString = SafeString("")
    link_url: str = ""
    link_name: str = ""
    picture: Picture | None = None
    tint: int = 0
    tiles: list[Tile] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)


# The best sold of the category that has a picture, of the few that sell best: not of everything there is.
_TILE_PICTURES = f"""
SELECT category.id, document.card->'picture' FROM catalogue_category category
CROSS JOIN LATERAL (
    SELECT card FROM (
        SELECT card, popularity, product_id FROM catalog_searchdocument document
        WHERE category_ids @> ARRAY[category.id::int] AND {OPEN_DOCUMENT}
        ORDER BY popularity DESC, product_id LIMIT 24) AS best
    WHERE card->'picture' <> 'null'::jsonb ORDER BY popularity DESC, product_id LIMIT 1) AS document
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


def arrange_blocks(bodies: Sequence[Mapping[str, Any]] | None, *, categories: Sequence[Link]) -> list[ShownBlock]:
    """The blocks of a version (see catalog.content.snapshot), filled; None gives the shop's own arrangement.

    Nine queries at most: four for rails, one for tiles, one for voices, two for promises, one for stock.
    """
    blocks = [_show_block(body) for body in bodies] if bodies is not None else _default_blocks()
    _fill_rails(blocks)
    for block in blocks:
        if block.kind == Block.Kind.TILES:
            block.tiles = _tiles(categories)
        elif block.kind == Block.Kind.PROMISES:
            block.promises = shop_promises()
        elif block.kind == Block.Kind.VOICES:
            block.voices = _voices()
    return [block for block in blocks if _has_something(block)]


def _show_block(body: Mapping[str, Any]) -> ShownBlock:
    """Markup is cleaned here once more: a body may have come from a file or an older shop."""
    is_text = body["kind"] == Block.Kind.TEXT
    return ShownBlock(
        kind=body["kind"],
        title=body["title"],
        text="" if is_text else body["text"],
        html=SafeString(clean_markup(body["text"])) if is_text else SafeString(""),
        link_url=body["link_url"],
        link_name=body["link_name"],
        picture=show_picture(body["picture"]),
        tint=body["tint"],
    )


def _default_blocks() -> list[ShownBlock]:
    kind = Block.Kind
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
    if not blocks:
        return
    sources = {Block.Kind.NEW: newest, Block.Kind.REDUCED: most_reduced, Block.Kind.LIKED: best_liked}
    rails = [block for block in blocks if block.kind in sources]
    kinds = list(dict.fromkeys(block.kind for block in rails))
    cards = dict(zip(kinds, build_rails([list(sources[Block.Kind(kind)]()) for kind in kinds]), strict=True))
    for block in rails:
        block.cards = cards[block.kind]
    shown = next((card for rail in cards.values() for card in rail if card.picture), None)
    for block in blocks:
        if block.kind == Block.Kind.HERO and block.picture is None and shown is not None:
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
        Voice(quote=plain_line(quote), who=plain_line(who), product_name=name, product_url=f"/p/{slug}/")
        for quote, who, name, slug, _ in rows
    ]


def _has_something(block: ShownBlock) -> bool:
    if block.kind in (Block.Kind.NEW, Block.Kind.REDUCED, Block.Kind.LIKED):
        return len(block.cards) >= FEWEST_IN_RAIL
    if block.kind == Block.Kind.TILES:
        return bool(block.tiles)
    return block.kind != Block.Kind.VOICES or bool(block.voices)
