"""`/robots.txt` and `/sitemap.xml`: what search engines may read, and where it is (sitemaps.org protocol 0.9)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from catalog.categories import CategoryNode, category_tree
from catalog.collections.records import Collection
from catalog.content.shown import shown_addresses
from catalog.publication.openness import open_documents
from catalog.search.records import SearchDocument
from shop.storefront.collection_page import collection_url
from shop.storefront.links import category_url
from shop.storefront.structured_data import full_url

# The protocol allows 50,000 addresses a file.
PART: Final = 40_000
DEEPEST: Final = 8
PERSONAL: Final = ("/account/", "/admin/", "/basket/", "/checkout/", "/order/", "/search/")
_NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


@require_safe
def show_robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PERSONAL), f"Sitemap: {full_url('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def show_sitemap(request: HttpRequest) -> HttpResponseBase:
    """The index of parts; `?part=0` holds pages and categories, the others products. One query each."""
    part = request.GET.get("part", "")
    if not part:
        count = -(-SearchDocument.objects.filter(open_documents()).count() // PART)
        return _answer(_write_index(range(count + 1)))
    if not (part.isascii() and part.isdigit() and len(part) <= 4):
        raise Http404("There is no such part of the sitemap.")
    number = int(part)
    entries = _pages() if number == 0 else _products(number)
    if not entries:
        raise Http404("There is no such part of the sitemap.")
    return _answer(_write_part(entries))


def _pages() -> list[tuple[str, datetime | None]]:
    found = [
        "/",
        *(f"/info/{slug}/" for slug in shown_addresses()),
        *_walk(category_tree(levels=DEEPEST)),
        *_collections(),
    ]
    return [(path, None) for path in found]


def _collections() -> list[str]:
    slugs = Collection.objects.filter(is_public=True).order_by("slug").values_list("slug", flat=True)
    return [collection_url(slug) for slug in slugs]


def _walk(nodes: Iterable[CategoryNode]) -> Iterator[str]:
    for node in nodes:
        yield category_url(node.address)
        yield from _walk(node.children)


def _products(number: int) -> list[tuple[str, datetime | None]]:
    rows = SearchDocument.objects.filter(open_documents()).order_by("product_id").values_list("slug", "indexed_at")
    return [(f"/p/{slug}/", changed) for slug, changed in rows[(number - 1) * PART : number * PART]]


def _write_index(parts: Iterable[int]) -> Iterator[str]:
    yield f"{_HEAD}<sitemapindex {_NAMESPACE}>\n"
    for part in parts:
        yield f"<sitemap><loc>{escape(full_url(f'/sitemap.xml?part={part}'))}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def _write_part(entries: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    yield f"{_HEAD}<urlset {_NAMESPACE}>\n"
    for path, changed in entries:
        modified = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
        yield f"<url><loc>{escape(full_url(path))}</loc>{modified}</url>\n"
    yield "</urlset>\n"


def _answer(text: Iterator[str]) -> StreamingHttpResponse:
    return StreamingHttpResponse(text, content_type="application/xml; charset=utf-8")
