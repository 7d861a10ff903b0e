"""Search: `/search/?q=` and the suggestions under the search field."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.search.misses import note_miss
from catalog.search.suggest import suggest
from shop.storefront.cards import ShownPrice
from shop.storefront.explanation import keep_private, list_reasons, wants_explanation
from shop.storefront.list_address import LONGEST_TEXT, ListRequest, read_address
from shop.storefront.list_page import Listing, build_listing
from shop.storefront.rails import well_liked
from shop.storefront.structured_data import full_url

PATH = "/search/"


@require_safe
@gzip_page
def show_results(request: HttpRequest) -> HttpResponse:
    asked = read_address(request.GET)
    explain = wants_explanation(request)
    listing = build_listing(asked, path=PATH, explain=explain)
    is_empty = not listing.total and not listing.active
    meant = listing.results.did_you_mean
    context = {
        "query": asked.text,
        "listing": listing,
        "word_notices": _explain_words(asked, listing),
        "suggestions": (
            [{"words": meant, "url": _search_url(meant)}] if meant and not listing.results.is_corrected else []
        ),
        "others": well_liked() if is_empty else [],
        "reasons": list_reasons(listing.results, first=listing.pages.first),
        "is_scored": listing.results.sort == "relevance",
        "canonical_url": full_url(listing.canonical_url),
    }
    response = render(request, "storefront/search.html", context)
    if is_empty and request.method == "GET":
        note_miss(asked.text)
    return keep_private(response) if explain else response


@require_safe
@gzip_page
def show_suggestions(request: HttpRequest) -> HttpResponse:
    """A fragment for htmx; nothing typed, or nothing found, is an empty one."""
    query = read_address(request.GET).text[:LONGEST_TEXT]
    found = suggest(query)
    context = {
        "query": query,
        "suggested": [
            {
                "name": product.title,
                "url": f"/p/{product.slug}/",
                "price": ShownPrice(now=product.price_min, currency=product.currency),
            }
            for product in found.products
        ],
        "categories": [{"name": category.name, "url": f"/c/{category.path}/"} for category in found.categories],
        "all_url": _search_url(query),
    }
    return render(request, "storefront/suggestions.html", context)


def _explain_words(asked: ListRequest, listing: Listing) -> list[str]:
    """What the shopper should know about how the words were read."""
    results = listing.results
    if results.is_corrected and results.did_you_mean:
        return [f"Nothing has “{asked.text[:60]}”, so these are the results for “{results.did_you_mean}”."]
    if results.is_partial and results.total and results.has_complete:
        return ["Few products have all of these words: they come first, then those that have some of them."]
    if results.is_partial and results.total:
        return ["No product has all of these words. These have some of them."]
    return []


def _search_url(words: str) -> str:
    return f"{PATH}?{urlencode({'q': words})}"
