"""The product page: `/p/<slug>/`, with the chosen options in the address (`?colour=Blue&size=M`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.digital.offered import OfferedFile
from catalog.pricing.reference import current_reductions
from catalog.search.records import SearchDocument
from catalog.variant_choice import Variant, VariantTable, variants_of
from shop.money import ZERO
from shop.page_cache.answers import keep_answer
from shop.storefront.brand_page import brand_url
from shop.storefront.cards import ShownPrice, show_rating, units_of
from shop.storefront.description import clean_description, plain_words
from shop.storefront.fragments import products_held
from shop.storefront.kit_contents import show_inside
from shop.storefront.links import HOME, Link
from shop.storefront.list_address import clean_text
from shop.storefront.personal_fields import ShownText, show_texts
from shop.storefront.picker import BY_NAME, Picker, Units, build_picker
from shop.storefront.pictures import Picture, show_picture
from shop.storefront.product_data import describe_product
from shop.storefront.product_markdown import prefers_markdown, tell_stock, write_markdown
from shop.storefront.product_record import ProductRecord, read_product
from shop.storefront.promises import Delivery, delivery_promises, download_promises, find_delivery
from shop.storefront.related import related_cards, related_documents
from shop.storefront.shown_reviews import show_histogram, show_review
from shop.storefront.structured_data import describe_breadcrumbs, full_url
from shop.storefront.units import split_unit, write_value

SAFETY_CODES = frozenset({"maker", "manufacturer", "responsible_person", "safety", "warnings"})
HIDDEN_CODES = SAFETY_CODES | {"brand", "tags"}


def _read_all(slug: str) -> tuple[ProductRecord, VariantTable, list[SearchDocument]] | None:
    """The product, its variants and what goes with it; None when there is no such product in the shop."""
    record = read_product(slug)
    return (record, variants_of(record.product), related_documents(record)) if record is not None else None


@require_safe
@gzip_page
def show_product(request: HttpRequest, slug: str) -> HttpResponse:
    """At most ten queries with the frame's (and two of a basket), whatever the number of variants and reviews; nothing is
    written. What is in the visitor's basket is not proposed.
    """
    page = _read_page(request, slug)
    wants_text = prefers_markdown(request.headers.get("Accept", ""))
    answer = _answer_text(page) if wants_text else render(request, "storefront/product.html", page.context)
    patch_vary_headers(answer, ["Accept"])
    return answer


@require_safe
@gzip_page
def show_product_text(request: HttpRequest, slug: str) -> HttpResponse:
    """`/p/<slug>.md`: the same facts as Markdown, for machines that read."""
    return _answer_text(_read_page(request, slug))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    context: dict[str, Any]
    table: VariantTable
    units: Units


def _answer_text(page: _Page) -> HttpResponse:
    text = write_markdown(page.context, table=page.table, units=page.units)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers={"X-Robots-Tag": "noindex"})


def _read_page(request: HttpRequest, slug: str) -> _Page:
    """Raises Http404."""
    known = keep_answer(("product", slug), lambda: _read_all(slug))
    if known is None:
        raise Http404
    record, table, related = known
    held = products_held(request) if getattr(request, "has_basket", False) else set()
    near = [document for document in related if document.pk not in held]
    mine = [variant.stock_record_id for variant in table if variant.stock_record_id is not None]
    units = units_of([*mine, *(one for document in near for one in document.stock_record_ids)])
    asked = {code: clean_text(request.GET.get(code, "")) for code in [*(axis.code for axis in table.axes), BY_NAME]}
    picker = build_picker(table, asked=asked, units=units)
    price = _show_price(table, picker.chosen, is_download=record.is_download)
    url = f"/p/{record.product.slug}/"
    pictures = _order_pictures(record, picker.chosen)
    rating = show_rating(record.average, record.review_count, url="#reviews")
    chosen = _show_choice(picker, units=units, is_download=record.is_download)
    crumbs = [HOME, *record.categories]
    weight = picker.chosen.price.weight_kg if picker.chosen and picker.chosen.price else None
    delivery = Delivery(rate=None) if record.is_download else find_delivery(weight_kg=weight, price=price.now or ZERO)
    wait = chosen["wait"]
    context = {
        "product": {
            "id": record.product.pk,
            "name": record.product.title,
            "brand": record.brand,
            "brand_url": brand_url(record.brand),
            "compare_url": f"/compare/add/{record.product.pk}/",
            "url": url,
            "rating": rating,
            "price": price,
            "pictures": pictures,
            "picker": picker,
            "description_html": clean_description(record.product.description),
            "facts": _list_facts(record, picker.chosen, axes={axis.code for axis in table.axes}),
            "safety_block": record.safety,
            "safety": [f"{one.name}: {one.value}" for one in record.attributes if one.code in SAFETY_CODES],
            "chosen": chosen,
            "inside": show_inside(picker.chosen, safety=record.inside.get(picker.chosen.stock_record_id, {}))
            if picker.chosen and picker.chosen.stock_record_id in record.kits
            else None,
            "files": _list_files(record, picker.chosen),
            "texts": _show_texts(picker.chosen) if picker.chosen and record.has_texts else [],
            "add_url": f"/basket/add/{record.product.pk}/",
            "quantity": 1,
        },
        "breadcrumbs": crumbs,
        "delivery": download_promises()
        if record.is_download
        else delivery_promises(delivery, sent_from=wait.on if wait else None),
        "reviews": _show_reviews(record),
        "related": related_cards(near, units=units),
        "is_personal": bool(held),
        "canonical_url": full_url(url),
        "description": plain_words(record.product.description) or record.product.title,
        "structured_data": describe_breadcrumbs([*crumbs, Link(name=record.product.title, url=url)])
        + describe_product(
            record,
            picker.chosen,
            price=price,
            pictures=pictures,
            rating=rating,
            can_buy=chosen["can_buy"],
            wait=wait,
            delivery=delivery,
        ),
    }
    return _Page(context=context, table=table, units=units)


def _show_texts(chosen: Variant) -> list[ShownText]:
    return show_texts(chosen.product_id, tax_class=chosen.price.tax_class if chosen.price else "standard")


def _show_price(table: VariantTable, chosen: Variant | None, *, is_download: bool) -> ShownPrice:
    """Of the chosen variant; while none is chosen, the lowest of all."""
    included, plus = (
        ("VAT included", "Plus VAT") if is_download else ("VAT included, delivery extra", "Plus VAT and delivery")
    )
    tax_words = included if settings.PRICES_INCLUDE_TAX else plus
    priced = [variant.price for variant in table if variant.price is not None]
    price = chosen.price if chosen else min(priced, key=lambda one: one.amount, default=None)
    if price is None:
        return ShownPrice(now=None, currency=settings.SHOP_CURRENCY)
    reductions = current_reductions([price.stock_record_id]) if price.is_reduced else {}
    reduction = reductions.get(price.stock_record_id)
    return ShownPrice(
        now=price.amount,
        was=price.compare_at,
        is_from=chosen is None and len({one.amount for one in priced}) > 1,
        currency=price.currency,
        tax_words=tax_words,
        lowest=reduction.reference if reduction else None,
    )


def _show_choice(picker: Picker, *, units: Units, is_download: bool) -> dict[str, Any]:
    """What can be put into the basket, in words; without a variant nothing can."""
    variant = picker.chosen
    if variant is None:
        return {"label": "", "stock_words": "Not made", "stock_kind": "warning", "can_buy": False, "wait": None}
    words, kind, left = tell_stock(variant, units=units)
    if is_download and left is None:
        words = "Ready to download"
    record = variant.stock_record_id
    here = (units.at_once(record) or 0) if record is not None else 0
    wait = units.wait_for(record) if record is not None else None
    rest = units.wait_for(record, here + 1) if record is not None and here and here != left else None
    return {
        "id": variant.product_id,
        "sku": variant.sku,
        "label": ", ".join(variant.values.values()) if picker.axes else "",
        "stock_words": words,
        "stock_kind": kind,
        "can_buy": variant.price is not None and left != 0,
        "can_wait": variant.price is not None and left == 0,
        "maximum": left,
        "wait": wait,
        "rest_words": f"More of them: {rest.words}" if rest else "",
    }


def _order_pictures(record: ProductRecord, chosen: Variant | None) -> list[Picture]:
    """The chosen variant's pictures, then the product's own, then those of the other variants; each file once."""
    own, wanted = record.product.pk, chosen.product_id if chosen else 0
    ordered = sorted(record.pictures, key=lambda facts: (facts["product"] != wanted, facts["product"] != own))
    unique = {facts["digest"]: facts for facts in reversed(ordered)}
    shown = (show_picture(facts) for facts in ordered if unique.pop(facts["digest"], None))
    return [picture for picture in shown if picture is not None][:8]


def _list_facts(record: ProductRecord, chosen: Variant | None, *, axes: set[str]) -> list[tuple[str, str]]:
    """The product's attributes, completed by those of the chosen variant."""
    ids = [record.product.pk, *([chosen.product_id] if chosen else [])]
    facts: dict[str, tuple[str, str]] = {}
    for one in record.attributes:
        if one.product_id in ids and one.code not in HIDDEN_CODES and one.code not in axes:
            label, unit = split_unit(one.name)
            facts[one.code] = (label, write_value(one.value, unit=unit))
    chosen_values: Mapping[str, str] = chosen.values if chosen else {}
    names = {one.code: one.name for one in record.attributes}
    picked = [(names.get(code, code), value) for code, value in chosen_values.items() if value]
    sku = [("Article number", chosen.sku)] if chosen and chosen.sku else []
    return [*picked, *facts.values(), *sku]


def _list_files(record: ProductRecord, chosen: Variant | None) -> list[OfferedFile]:
    """The product's own and those of the chosen variant."""
    ids = {record.product.pk, *([chosen.product_id] if chosen else [])}
    return list({file.file_id: file for product_id, file in record.files if product_id in ids}.values())


def _show_reviews(record: ProductRecord) -> dict[str, Any]:
    count = record.review_count
    url = f"/p/{record.product.slug}/reviews/"
    return {
        "rating": show_rating(record.average, count),
        "histogram": show_histogram(record.scores, url=url),
        "entries": [show_review(review) for review in record.reviews],
        "count": count,
        "all_url": url if count > len(record.reviews) else "",
        "write_url": f"/account/review/{record.product.pk}/",
    }
