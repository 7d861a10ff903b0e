"""The page of a brand: `/brand/<slug>/`, a list like a category's."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.publication.openness import open_documents
from catalog.search.folding import fold_text
from catalog.search.records import SearchDocument
from shop.money import format_money
from shop.storefront.links import HOME, Link
from shop.storefront.list_address import read_address
from shop.storefront.list_page import Listing, build_listing
from shop.storefront.structured_data import describe_breadcrumbs, full_url

CONSIDERED = 2000


def brand_url(brand: str) -> str:
    """`Lumen & Loom` stands at `/brand/lumen-loom/`; "" for a name without a letter or figure that an address can hold."""
    words = fold_text(brand)
    return f"/brand/{words.replace(' ', '-')}/" if words else ""


@require_safe
@gzip_page
def show_brand(request: HttpRequest, slug: str) -> HttpResponse:
    """Seven queries with the frame's, whatever is asked and found; nothing is written."""
    brand = _find_brand(slug)
    if brand is None:
        raise Http404
    asked = read_address(request.GET)
    path = brand_url(brand)
    listing = build_listing(asked.change(text="", page=asked.page), path=path, fixed={"brand": (brand,)})
    text = _describe(brand, listing)
    context = {
        "category": {"name": brand, "text": text, "children": []},
        "breadcrumbs": [HOME],
        "listing": listing,
        "canonical_url": full_url(listing.canonical_url),
        "description": text,
        "structured_data": describe_breadcrumbs([HOME, Link(name=brand, url=path)]),
    }
    return render(request, "storefront/listing.html", context)


def _find_brand(slug: str) -> str | None:
    """The brand as it is written on its products. The words of the address stand in their index of letter triples."""
    words = slug.replace("-", " ")
    named = SearchDocument.objects.filter(open_documents(), text__contains=words).exclude(brand="").order_by()
    brands = set(named.values_list("brand", flat=True)[:CONSIDERED])
    return min((brand for brand in brands if fold_text(brand) == words), default=None)


def _describe(brand: str, listing: Listing) -> str:
    bounds = listing.results.price_bounds
    number = f"{listing.total} product{'' if listing.total == 1 else 's'} by {brand}"
    return f"{number}, from {format_money(bounds.lowest, bounds.currency)}." if bounds else f"{number}."
