"""Lines of a quote as the pages show them: with picture, address, notes. One query for any number of lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from oscar.apps.basket.models import Line as BasketLine

from catalog.media.records import ProductMedia
from catalog.media.sources import build_sources
from checkout.basket.limits import MAX_QUANTITY, most_of
from checkout.quote.figures import MissingLine, Quote, QuoteLine
from shop.money import format_money
from shop.written_once import any_of, written_once

TINTS = 12
FEW = 5


@dataclass(frozen=True, slots=True)
class SourceSet:
    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Picture:
    src: str
    alt: str
    width: int
    height: int
    sources: tuple[SourceSet, ...]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """See templates/basket/basket.html. `less` and `more` are the quantities of the two small buttons."""

    id: int
    name: str
    label: str
    url: str
    picture: Picture | None
    tint: int
    quantity: int
    maximum: int | None
    unit_price: Mapping[str, Any]
    total: Decimal | None
    was_total: Decimal | None
    details: tuple[str, ...]
    wait_words: str
    notes: tuple[str, ...]
    notes_kind: str
    update_url: str
    remove_url: str
    wish_url: str
    less: int
    more: int


def show_lines(quote: Quote) -> list[ShownLine]:
    """In the order of the quote. Notes say what is short and which price changed since the line was begun."""
    asked = [line.item.line_id for line in quote.lines]
    rows = {row[0]: _Row(*row) for row in _rows.ask(lines=asked)} if asked else {}
    return [_show(line, rows[line.item.line_id], quote) for line in quote.lines if line.item.line_id in rows]


class _Row(NamedTuple):
    """What a page shows of a line beside its figures: a variant has its own picture before its parent's."""

    id: int
    price_incl_tax: Decimal | None
    slug: str
    picture: str | None


@written_once
def _rows() -> QuerySet[Any, Any]:
    facts = JSONObject(**{name: f"file__{name}" for name in ("digest", "width", "height", "widths")})

    def first_picture(product: str) -> Subquery:
        media = ProductMedia.objects.filter(product=OuterRef(product)).order_by("position", "pk")
        return Subquery(media.annotate(facts=facts).values("facts")[:1])

    return (
        BasketLine.objects.filter(any_of("basket_line.id", "lines"))
        .order_by()
        .annotate(
            family_slug=Coalesce("product__parent__slug", "product__slug"),
            picture=Coalesce(first_picture("product"), first_picture("product__parent")),
        )
        .values_list("pk", "price_incl_tax", "family_slug", "picture")
    )


def _show(line: QuoteLine, row: _Row, quote: Quote) -> ShownLine:
    item = line.item
    notes = _notes(line, row, quote)
    return ShownLine(
        id=item.line_id,
        name=item.name,
        label=item.label,
        url=f"/p/{row.slug}/",
        picture=_picture(json.loads(row.picture)) if row.picture else None,
        tint=min(item.category_ids, default=0) % TINTS + 1,
        quantity=item.quantity,
        maximum=None if item.saleable is None else max(most_of(item.saleable), 1),
        unit_price={"now": line.unit_price, "currency": quote.currency},
        total=line.total,
        was_total=line.before_discount if line.discount else None,
        details=item.contents,
        wait_words=item.wait.words if item.wait is not None else "",
        notes=notes,
        notes_kind="warning" if notes else "",
        update_url=f"/basket/update/{item.line_id}/",
        remove_url=f"/basket/remove/{item.line_id}/",
        wish_url=f"/wishlist/from-basket/{item.line_id}/",
        less=item.quantity - 1,
        more=min(item.quantity + 1, MAX_QUANTITY),
    )


def show_missing(missing: MissingLine, *, currency: str) -> ShownLine:
    """A line that is no longer sold: it can only be removed."""
    return ShownLine(
        id=missing.line_id,
        name=missing.name,
        label="",
        url="/basket/",
        picture=None,
        tint=1,
        quantity=0,
        maximum=0,
        unit_price={"now": None, "currency": currency},
        total=None,
        was_total=None,
        details=(),
        wait_words="",
        notes=(missing.sentence,),
        notes_kind="warning",
        update_url=f"/basket/update/{missing.line_id}/",
        remove_url=f"/basket/remove/{missing.line_id}/",
        wish_url="",
        less=0,
        more=0,
    )


def _notes(line: QuoteLine, row: _Row, quote: Quote) -> tuple[str, ...]:
    left, notes = line.item.saleable, []
    if left == 0:
        notes.append("Sold out. Please remove it.")
    elif line.is_short:
        notes.append(f"Only {left} left. Please choose {left} or fewer.")
    elif line.item.wait is not None:
        notes.append(line.item.wait.words)
    elif left is not None and left <= FEW:
        notes.append(f"{left} left")
    if row.price_incl_tax is not None and row.price_incl_tax != line.unit_price and not quote.is_export:
        before = format_money(row.price_incl_tax, quote.currency)
        notes.append(f"The price changed from {before} since you added it.")
    return tuple(notes)


def _picture(facts: Mapping[str, Any]) -> Picture:
    sources = build_sources({**facts, "alt": ""})
    return Picture(
        src=sources.src,
        alt="",
        width=sources.width,
        height=sources.height,
        sources=(SourceSet("image/avif", sources.avif), SourceSet("image/webp", sources.webp)),
    )
