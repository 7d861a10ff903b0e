"""A product as Markdown: what the page says, for machines that read text. Price and stock come from the page's own values."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from catalog.variant_choice import Variant, VariantTable
from shop.money import format_money
from shop.storefront.cards import FEW_LEFT
from shop.storefront.picker import Units

_BREAKS: Final = re.compile(r"</(?:p|li|tr|h[1-6]|table|ul|ol)>|<br ?/?>")
_MARKS: Final = re.compile(r"([\\`*_\[\]<>|#])")


def prefers_markdown(accept: str) -> bool:
    """Whether an Accept header names Markdown before HTML; browsers never do."""
    kinds = [one.split(";")[0].strip().lower() for one in accept.split(",")]
    if "text/markdown" not in kinds:
        return False
    return "text/html" not in kinds or kinds.index("text/markdown") < kinds.index("text/html")


def tell_stock(variant: Variant, *, units: Units) -> tuple[str, str, int | None]:
    """In words, with their kind (`success`, `warning`, `danger`) and the units that can be bought; None: unlimited."""
    record = variant.stock_record_id
    left = units.get(record, 0) if record is not None else 0
    if variant.price is None:
        return "Not for sale at the moment", "warning", left
    if left == 0:
        return "Sold out", "danger", left
    here = units.at_once(record) if record is not None else 0
    if record is not None and here == 0 and (wait := units.wait_for(record)):
        return wait.words, "warning", left
    if here is not None and here <= FEW_LEFT:
        return f"{here} left", "warning", left
    return "In stock", "success", left


def write_markdown(context: Mapping[str, Any], *, table: VariantTable, units: Units) -> str:
    product = context["product"]
    variants = [
        {
            "label": _mark_free(variant.label),
            "sku": _mark_free(variant.sku),
            "price": format_money(variant.price.amount, variant.price.currency) if variant.price else "not for sale",
            "stock": tell_stock(variant, units=units)[0],
        }
        for variant in table
    ]
    text = render_to_string(
        "storefront/product.md",
        {
            **context,
            "name": _mark_free(product["name"]),
            "brand": _mark_free(product["brand"]),
            "variants": variants if len(variants) > 1 else [],
            "facts": [(_mark_free(label), _mark_free(value)) for label, value in product["facts"]],
            "paragraphs": _paragraphs(product["description_html"]),
        },
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _paragraphs(html: str) -> list[str]:
    """The cleaned description without its markup, a paragraph for each block of it."""
    plain = strip_tags(_BREAKS.sub("\n", html))
    return [_mark_free(line) for line in plain.splitlines() if line.strip()]


def _mark_free(text: object) -> str:
    """One line in which nothing is read as markup."""
    plain = str(text).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'")
    return _MARKS.sub(r"\\\1", " ".join(plain.replace("&quot;", '"').split()))
