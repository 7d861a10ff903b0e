"""The page of a collection: `/collection/<slug>/`, a list like any other."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.collections.records import Collection
from catalog.collections.rule import members_of
from shop.storefront.description import plain_words
from shop.storefront.links import HOME, Link
from shop.storefront.list_address import read_address
from shop.storefront.list_page import build_listing
from shop.storefront.structured_data import describe_breadcrumbs, full_url


def collection_url(slug: str) -> str:
    return f"/collection/{slug}/"


@require_safe
@gzip_page
def show_collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Six queries with the frame's, whatever is asked and found; nothing is written."""
    collection = Collection.objects.filter(slug=slug, is_public=True).first()
    if collection is None:
        raise Http404
    url, asked = collection_url(slug), read_address(request.GET)
    listing = build_listing(
        asked.change(text="", page=asked.page),
        path=url,
        within=members_of(collection),
        only_in_stock=collection.only_in_stock,
    )
    text = plain_words(collection.description)
    context = {
        "category": {"name": collection.name, "text": text, "children": []},
        "breadcrumbs": [HOME],
        "listing": listing,
        "canonical_url": full_url(listing.canonical_url),
        "description": text or f"{collection.name}: {listing.total} products.",
        "structured_data": describe_breadcrumbs([HOME, Link(name=collection.name, url=url)]),
    }
    return render(request, "storefront/listing.html", context)
