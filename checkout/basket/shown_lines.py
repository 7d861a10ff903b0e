"""Lines of a quote as the pages show them: with picture, address, notes. Two queries for any number of lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.apps.basket.models import Line as BasketLine

from catalog.media.records import ProductMedia
from catalog.media.sources import picture_sources
from checkout.basket.limits import MAX_QUANTITY, most_of
from checkout.quote.figures import MissingLine, Quote, QuoteLine
from shop.money import format_money

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
    rows = {
        line.pk: line
        for line in BasketLine.objects.filter(pk__in=[line.item.line_id for line in quote.lines]).select_related(
            "product__parent"
        )
    }
    pictures = _pictures([pk for line in quote.lines for pk in (line.item.product_id, line.item.parent_id) if pk])
    return [_show(line, rows[line.item.line_id], pictures, quote) for line in quote.lines if line.item.line_id in rows]


def _show(line: QuoteLine, row: BasketLine, pictures: Mapping[int | None, Picture], quote: Quote) -> ShownLine:
    item = line.item
    family = row.product.parent or row.product
    notes = _notes(line, row, quote)
    return ShownLine(
        id=item.line_id,
        name=item.name,
        label=item.label,
        url=f"/p/{family.slug}/",
        picture=pictures.get(item.product_id) or pictures.get(item.parent_id),
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


def _notes(line: QuoteLine, row: BasketLine, quote: Quote) -> tuple[str, ...]:
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


def _pictures(product_ids: list[int]) -> dict[int | None, Picture]:
    """The first picture of each product."""
    media = ProductMedia.objects.filter(product_id__in=product_ids).select_related("file")
    found: dict[int | None, Picture] = {}
    for one in media.order_by("product_id", "position", "pk"):
        if one.product_id not in found:
            found[one.product_id] = _picture(one)
    return found


def _picture(one: ProductMedia) -> Picture:
    sources = picture_sources(one.file)
    return Picture(
        src=sources.src,
        alt="",
        width=sources.width,
        height=sources.height,
        sources=(SourceSet("image/avif", sources.avif), SourceSet("image/webp", sources.webp)),
    )
