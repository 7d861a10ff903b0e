"""The category page: `/c/<slug>/<slug>/`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.categories import find_category, sub_categories
from shop.storefront.description import plain_words
from shop.storefront.explanation import keep_private, list_reasons, wants_explanation
from shop.storefront.links import HOME, Link, category_url, crumb_links
from shop.storefront.list_address import read_address
from shop.storefront.list_page import build_listing
from shop.storefront.structured_data import describe_breadcrumbs, describe_list, full_url


@require_safe
@gzip_page
def show_category(request: HttpRequest, path: str) -> HttpResponse:
    """Eight queries with the frame's, whatever is asked and found; nothing is written."""
    place = find_category(path)
    if place is None:
        raise Http404
    category = place.category
    asked = read_address(request.GET)
    explain = wants_explanation(request)
    listing = build_listing(
        asked.change(text="", page=asked.page),
        path=category_url(place.address),
        category_id=category.pk,
        explain=explain,
    )
    crumbs = [HOME, *crumb_links(place.crumbs)]
    children = [
        Link(pk=child.id, name=child.name, url=category_url(child.address), count=child.count)
        for child in sub_categories(place)
        if child.count
    ]
    text = plain_words(category.description)
    context = {
        "category": {"name": category.name, "text": text, "children": children},
        "breadcrumbs": crumbs[:-1],
        "listing": listing,
        "reasons": list_reasons(listing.results, first=listing.pages.first),
        "is_scored": listing.results.sort == "relevance",
        "canonical_url": full_url(listing.canonical_url),
        "description": category.meta_description or text or f"{category.name}: {listing.total} products.",
        "structured_data": describe_breadcrumbs(crumbs)
        + describe_list([(card.name, card.url) for card in listing.cards]),
    }
    response = render(request, "storefront/listing.html", context)
    return keep_private(response) if explain else response
