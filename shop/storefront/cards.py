"""A product in a list, as templates/components/product_card.html shows it. One query for any number of cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from catalog.search.records import SearchDocument
from inventory.promises import Stock, stock_for
from shop.page_cache.answers import keep_answer
from shop.storefront.colours import hue_of
from shop.storefront.pictures import Picture, show_picture

FEW_LEFT: Final = 3
MOST_SWATCHES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrice:
    """`was` is the struck-through former price; `lowest` that of the last 30 days, shown beside a reduction."""

    now: Decimal | None
    was: Decimal | None = None
    is_from: bool = False
    currency: str
    tax_words: str = ""
    lowest: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRating:
    """`stars` in halves from `0.5` to `5.0`, the width of the drawing; `average` is the figure in words."""

    stars: str
    average: str
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    name: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    url: str
    name: str
    brand: str
    picture: Picture | None
    price: ShownPrice
    rating: ShownRating | None
    swatches: tuple[Swatch, ...]
    more_swatches: int
    badge: Badge | None
    stock_note: str


def build_cards(documents: Sequence[SearchDocument]) -> list[Card]:
    """In the order given; asks for the stock of all of them in two queries."""
    units = units_of(record for document in documents for record in document.stock_record_ids)
    return build_cards_with(documents, units=units)


def units_of(stock_record_ids: Iterable[int]) -> Stock:
    """What can be sold and what is promised, asked again whenever anything about stock has changed."""
    ids = tuple(sorted(set(stock_record_ids)))
    return keep_answer(("units", ids), lambda: stock_for(ids))


def build_cards_with(documents: Sequence[SearchDocument], *, units: Stock) -> list[Card]:
    """A badge that most of the row would wear tells nothing: "New" is shown while it sets a product apart."""
    new = sum(document.is_new for document in documents)
    return [build_card(document, units=units, says_new=2 * new <= len(documents)) for document in documents]


def build_card(document: SearchDocument, *, units: Stock, says_new: bool = True) -> Card:
    facts = document.card
    swatches = tuple(Swatch(name=name, colour=hue) for name in facts.get("swatches", ()) if (hue := hue_of(name)))
    picture = facts.get("picture")
    return Card(
        url=f"/p/{document.slug}/",
        name=document.title,
        brand=document.brand,
        # The name stands beside the picture: the same words twice help nobody who listens.
        picture=show_picture(picture, alt="" if picture and picture["alt"] == document.title else None),
        price=ShownPrice(
            now=document.price_min,
            was=document.compare_at_price,
            is_from=document.price_min != document.price_max,
            currency=document.currency,
        ),
        rating=show_rating(document.rating, document.rating_count),
        swatches=swatches[:MOST_SWATCHES],
        more_swatches=max(len(swatches) - MOST_SWATCHES, 0),
        badge=_choose_badge(document, says_new=says_new),
        stock_note=_note_stock(document.stock_record_ids, units=units),
    )


def show_rating(average: Decimal | None, count: int, *, url: str = "") -> ShownRating | None:
    if average is None or not count:
        return None
    halves = (average * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2
    return ShownRating(
        stars=f"{max(halves, Decimal('0.5')):.1f}",
        average=f"{average.quantize(Decimal('0.1'), ROUND_HALF_UP):f}",
        count=count,
        url=url,
    )


def percent_off(*, now: Decimal, was: Decimal) -> int:
    """Rounded down: a reduction is never overstated."""
    return int(((was - now) * 100 / was).quantize(Decimal(1), ROUND_DOWN))


def _choose_badge(document: SearchDocument, *, says_new: bool) -> Badge | None:
    if document.price_min is not None and document.compare_at_price:
        off = percent_off(now=document.price_min, was=document.compare_at_price)
        return Badge(label=f"−{off} %", kind="sale") if off else None
    return Badge(label="New") if says_new and document.is_new else None


def _note_stock(stock_record_ids: Sequence[int], *, units: Stock) -> str:
    """Of all variants together: sold out, sold ahead, or few left."""
    if all(units.get(record, 0) == 0 for record in stock_record_ids):
        return "Sold out"
    counts = [units.at_once(record) for record in stock_record_ids]
    if None in counts:
        return ""
    left = sum(count or 0 for count in counts)
    if not left:
        waits = [wait for record in stock_record_ids if (wait := units.wait_for(record))]
        return min(waits, key=lambda wait: wait.on).words if waits else ""
    return f"{left} left" if left <= FEW_LEFT else ""
