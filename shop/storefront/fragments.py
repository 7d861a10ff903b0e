"""Parts of the product page that differ from visitor to visitor, fetched by the page's script.

The page itself is the same for everybody without a basket and may be kept for all; with one, the page is made for the
visitor (see `shop.page_cache.middleware.PERSONAL`), so that it also proposes nothing twice where no script runs. The
fragment is for pages that an edge between us and the visitor has kept.
"""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from oscar.apps.basket.models import Line as BasketLine

from catalog.search.shown_documents import turn_documents
from checkout.basket.finding import find_basket
from inventory.promises import stock_for
from shop.storefront.cards import build_cards_with
from shop.storefront.product_record import read_product
from shop.storefront.rails import list_documents
from shop.storefront.related import related_cards, related_documents

MOST_SEEN: Final = 12


@never_cache
@require_safe
@gzip_page
def show_goes_with(request: HttpRequest, slug: str) -> HttpResponse:
    """`/p/<slug>/goes-with/`: the row of the product page for somebody with a basket, without what is in it."""
    record = read_product(slug)
    if record is None:
        raise Http404
    held = products_held(request)
    near = [document for document in related_documents(record) if document.pk not in held]
    units = stock_for(one for document in near for one in document.stock_record_ids)
    cards = related_cards(near, units=units)
    return render(request, "storefront/rail.html", {"title": "Goes well with", "cards": cards, "id": "related"})


def products_held(request: HttpRequest) -> set[int]:
    """Ids of the listed products in the visitor's basket: they have them already, so none is proposed. Two queries."""
    basket = find_basket(request).basket
    if basket is None:
        return set()
    lines = BasketLine.objects.filter(basket=basket).values_list("product_id", "product__parent_id")
    return {parent or product for product, parent in lines}


@require_safe
@gzip_page
def show_seen(request: HttpRequest) -> HttpResponse:
    """`/seen/?id=7&id=3`: cards of these products in this order. The ids are the visitor's own memory; we keep none.

    What is sold out, has left the shop or is in the basket is passed over; so is anything that is no number.
    """
    held = products_held(request) if request.has_basket else set()  # type: ignore[attr-defined]
    asked = [int(one) for one in request.GET.getlist("id") if one.isascii() and one.isdigit() and len(one) < 19]
    wanted = [one for one in dict.fromkeys(asked) if one not in held][:MOST_SEEN]
    found = {document.pk: document for document in list_documents().filter(product__in=wanted)} if wanted else {}
    near = turn_documents(found[pk] for pk in wanted if pk in found)
    units = stock_for(one for document in near for one in document.stock_record_ids)
    seen = [document for document in near if any(units.get(one, 0) != 0 for one in document.stock_record_ids)]
    context = {"title": "Recently seen", "cards": build_cards_with(seen, units=units), "id": "seen"}
    return render(request, "storefront/rail.html", context)
