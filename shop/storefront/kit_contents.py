"""What is inside the kit that a product page shows: the parts with their addresses, and what they cost singly."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.kits.contents import contents_of, shown_contents
from catalog.pricing.showing import current_showing
from catalog.safety.blocks import SafetyBlock
from catalog.variant_choice import Variant
from shop.money import format_money


@dataclass(frozen=True, slots=True, kw_only=True)
class InsidePart:
    words: str
    url: str
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """`sentence` compares the kit's price with that of its parts, when that can be said; else "".

    `safety` is told part by part, by the part's title.
    """

    parts: list[InsidePart]
    sentence: str
    safety: list[tuple[str, SafetyBlock]]


def show_inside(variant: Variant, *, safety: Mapping[int, SafetyBlock]) -> Inside | None:
    """None for what is no kit. `safety` by listed product. One query."""
    record_id = variant.stock_record_id
    contents = contents_of([record_id]).get(record_id) if record_id is not None else None
    if contents is None:
        return None
    contents = shown_contents(contents, current_showing())
    parts = [
        InsidePart(
            words=part.words,
            url=f"/p/{part.slug}/",
            price=format_money(part.worth, contents.currency) if part.price is not None else "",
        )
        for part in contents.parts
    ]
    singly, price = contents.sum_of_parts, variant.price.amount if variant.price else None
    sentence = ""
    if singly is not None and price is not None and price < singly:
        saved = format_money(singly - price, contents.currency)
        sentence = f"Singly these cost {format_money(singly, contents.currency)}: together you save {saved}."
    titles = {part.parent_id or part.product_id: part.title for part in reversed(contents.parts)}
    told = [(title, safety[pk]) for pk, title in reversed(titles.items()) if pk in safety]
    return Inside(parts=parts, sentence=sentence, safety=told)
