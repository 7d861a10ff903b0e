"""Up to four products side by side: `/compare/?id=7&id=3`. The address says it all; a cookie only collects across pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe
from oscar.apps.catalogue.models import ProductAttribute

from catalog.search.records import SearchDocument
from catalog.search.shown_documents import turn_documents
from checkout.basket.origin import same_origin_only
from inventory.promises import stock_for
from shop.storefront.cards import Card, build_cards_with
from shop.storefront.rails import list_documents
from shop.storefront.units import split_unit, write_value

MOST: Final = 4
COOKIE: Final = "compare"
PATH: Final = "/compare/"
HIDDEN_CODES: Final = frozenset({"brand", "tags"})
_LIFETIME: Final = 60 * 60 * 24 * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fact of all products, in their order; an empty text: it is not stated."""

    label: str
    values: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@require_safe
@gzip_page
def show_comparison(request: HttpRequest) -> HttpResponse:
    """With ids the same for everybody. Without any, the visitor's own collection, if there is one."""
    if "id" not in request.GET and request.COOKIES.get(COOKIE):
        return _show_own(request)
    wanted = _read_ids(request.GET.getlist("id"))
    found = (
        {one.pk: one for one in list_documents().defer(None).defer("text", "vector").filter(product__in=wanted)}
        if wanted
        else {}
    )
    documents = turn_documents(found[pk] for pk in wanted if pk in found)
    units = stock_for(one for document in documents for one in document.stock_record_ids)
    cards = build_cards_with(documents, units=units)
    rows = _compare(documents, cards)
    only = request.GET.get("only") == "differences"
    context = {
        "things": [
            {"card": card, "id": document.pk, "remove_url": f"{PATH}remove/{document.pk}/"}
            for document, card in zip(documents, cards, strict=True)
        ],
        "rows": [row for row in rows if row.differs or not only],
        "only_differences": only,
        "all_url": _address(documents),
        "differences_url": f"{_address(documents)}&only=differences",
        "has_same": any(not row.differs for row in rows),
        "has_room": len(documents) < MOST,
        "ids": [document.pk for document in documents],
    }
    return render(request, "storefront/compare.html", context)


@never_cache
def _show_own(request: HttpRequest) -> HttpResponse:
    ids = _read_ids(request.COOKIES[COOKIE].split("."))
    return HttpResponseRedirect(_write_address(ids) if ids else f"{PATH}?id=")


@require_POST
@same_origin_only
def add_to_comparison(request: HttpRequest, product_id: int) -> HttpResponse:
    """The fifth takes the place of the first."""
    if not SearchDocument.objects.filter(product=product_id).exists():
        raise Http404("This product is not in the shop (any more).")
    known = [pk for pk in _read_ids(request.COOKIES.get(COOKIE, "").split(".")) if pk != product_id]
    return _remember([*known, product_id][-MOST:])


@require_POST
@same_origin_only
def remove_from_comparison(request: HttpRequest, product_id: int) -> HttpResponse:
    """From those that were shown (the form names them), which may be more than this device collected."""
    shown = _read_ids(request.POST.getlist("id")) or _read_ids(request.COOKIES.get(COOKIE, "").split("."))
    return _remember([pk for pk in shown if pk != product_id])


def _remember(ids: Sequence[int]) -> HttpResponse:
    response = HttpResponseRedirect(_write_address(ids) if ids else f"{PATH}?id=")
    response.status_code = 303
    if ids:
        response.set_cookie(
            COOKIE,
            ".".join(str(pk) for pk in ids),
            max_age=_LIFETIME,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _read_ids(texts: Iterable[str]) -> list[int]:
    numbers = (int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10)
    return list(dict.fromkeys(numbers))[:MOST]


def _address(documents: Sequence[SearchDocument]) -> str:
    return _write_address([document.pk for document in documents])


def _write_address(ids: Sequence[int]) -> str:
    return f"{PATH}?{urlencode([('id', pk) for pk in ids])}"


def _compare(documents: Sequence[SearchDocument], cards: Sequence[Card]) -> list[Row]:
    """What is known of all in one order: stock and rating first, then the attributes as they are filled in most."""
    facts = [_read_facets(document) for document in documents]
    codes = list(dict.fromkeys(code for one in facts for code in one if code not in HIDDEN_CODES))
    names = dict(ProductAttribute.objects.filter(code__in=codes).order_by("-pk").values_list("code", "name"))
    shown = [
        Row(label="Brand", values=[card.brand for card in cards]),
        Row(label="Rating", values=[_say_rating(card) for card in cards]),
        Row(label="Stock", values=[card.stock_note or "In stock" for card in cards]),
        *(_attribute_row(names.get(code, code), [one.get(code, []) for one in facts]) for code in codes),
    ]
    return [row for row in shown if any(row.values)]


def _attribute_row(name: str, values: Sequence[Sequence[str]]) -> Row:
    label, unit = split_unit(name)
    return Row(label=label, values=[", ".join(write_value(one, unit=unit) for one in each) for each in values])


def _say_rating(card: Card) -> str:
    return f"{card.rating.average} of 5 ({card.rating.count})" if card.rating else ""


def _read_facets(document: SearchDocument) -> dict[str, list[str]]:
    """Values by code, of the product and its variants."""
    found: dict[str, list[str]] = {}
    for facet in document.facets:
        code, _, value = facet.partition(":")
        found.setdefault(code, []).append(value)
    return found
