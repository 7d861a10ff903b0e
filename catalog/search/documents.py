"""From what is known of a product to its search document: pure, so that it can be tested word by word."""

import re
from typing import Any, Final

from catalog.search.folding import fold_for_index, fold_shared, fold_text, strip_markup
from catalog.search.sources import Offered, Source

BRAND: Final = "brand"
COLOURS: Final = ("colour", "color")
LONGEST_FACET: Final = 60
LONGEST_TEXT: Final = 20_000
"""Characters of a description, and of all attributes, that are searched: a text vector holds a megabyte at most."""
# An accessory names its main product behind one of these (English, German, French, Spanish and Italian, Dutch).
_FOR: Final = re.compile(r"(?<=\S)\s+(?:for|fits|für|pour|para|per|voor)\s", re.IGNORECASE)
# Address parameters of a list page that a facet cannot be called.
RESERVED: Final = frozenset({"q", "page", "sort", "min_price", "max_price", "in_stock"})


def build_row(source: Source) -> dict[str, Any]:
    """One row of `catalog_searchdocument`, with the words of each weight (A to D) beside it."""
    offered = _in_one_currency(source.offered)
    cheapest = min(offered, key=lambda one: (one.price, one.stock_record_id), default=None)
    brand = next((text for code, _, text in source.attributes if code == BRAND), "")[:255]
    price_max = max((one.price for one in offered if one.price is not None), default=None)
    compare_at = cheapest.compare_at if cheapest else None
    codes = " ".join(f"{fold_text(code)} {fold_text(code).replace(' ', '')}" for code in dict.fromkeys(source.codes))
    heads, tails = zip(*map(split_title, dict.fromkeys([source.title, *source.child_titles])), strict=True)
    described = dict.fromkeys(text for code, _, text in source.attributes if code != BRAND)
    return {
        "product_id": source.product_id,
        "title": source.title,
        "slug": source.slug,
        "brand": brand,
        "category_ids": source.category_ids,
        "facets": list_facets(source),
        "stock_record_ids": [one.stock_record_id for one in source.offered],
        "currency": cheapest.currency if cheapest else "",
        "price_min": cheapest.price if cheapest else None,
        "price_max": price_max,
        "compare_at_price": compare_at if compare_at and cheapest and compare_at > (cheapest.price or 0) else None,
        "rating": source.rating,
        "rating_count": source.rating_count,
        "published_at": source.published_at,
        "publish_from": source.publish_from,
        "publish_to": source.publish_to,
        "card": _build_card(source),
        "text": fold_text(f"{source.title} {brand}"),
        "words_a": fold_for_index(" ".join(heads)),
        "words_b": f"{fold_for_index(' '.join([brand, *tails]))} {codes}",
        "words_c": " ".join(map(fold_shared, [*source.category_names, *described]))[:LONGEST_TEXT],
        "words_d": fold_for_index(strip_markup(source.description)[:LONGEST_TEXT]),
    }


def split_title(title: str) -> tuple[str, str]:
    """What the thing is, and what it is for: `Shade for table lamps` is a shade and no lamp."""
    found = _FOR.search(title)
    return (title[: found.start()], title[found.start() :]) if found else (title, "")


def list_facets(source: Source) -> list[str]:
    """`code:value`, each once. Long texts are descriptions, not something to filter by."""
    return list(
        dict.fromkeys(
            f"{code}:{text}"
            for code, _, text in source.attributes
            if code not in RESERVED and len(text) <= LONGEST_FACET and text.isprintable()
        )
    )


def list_words(source: Source) -> set[str]:
    """Words worth proposing to somebody who mistyped."""
    words = set(fold_for_index(source.title).split())
    words.update(*(fold_shared(name).split() for name in source.category_names))
    for _, kind, text in source.attributes:
        if len(text) <= LONGEST_FACET and kind != "float":
            words.update(fold_shared(text).split())
    return words


def _in_one_currency(offered: list[Offered]) -> list[Offered]:
    """Priced stock records in the currency of the first: amounts of two currencies are never compared."""
    priced = [one for one in offered if one.price is not None]
    return [one for one in priced if one.currency == priced[0].currency]


def _build_card(source: Source) -> dict[str, Any]:
    # A choice by another name (glaze, wood) may be one of colours too: whoever draws the card knows which words are.
    axis = next((code for code in source.axes if code in COLOURS), source.axes[0] if source.axes else None)
    swatches = list(dict.fromkeys(text for code, _, text in source.attributes if axis is not None and code == axis))
    return {
        "picture": source.pictures[0] if source.pictures else None,
        "second_picture": source.pictures[1] if len(source.pictures) > 1 else None,
        "swatches": swatches,
        "variants": len(source.child_titles),
    }
