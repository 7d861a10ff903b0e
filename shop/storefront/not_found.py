"""An address that moved answers 301; otherwise 404 searches the shop for its words. 500 needs no database."""

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import get_template

from catalog.addresses.missed import note_missed
from catalog.addresses.moved import find_moved
from catalog.addresses.proposing import words_of
from catalog.search.query import Query, find_products
from shop.failures.record import record_failure
from shop.redirects.resolve import resolve_redirect
from shop.storefront.cards import Card, build_cards

SHOWN: Final = 8
# Browsers keep a 301 for ever unless told otherwise, and a thing may come back to an address that it left.
REMEMBERED: Final = "public, max-age=3600"


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Addresses of files (a robot looking for holes, a picture that is gone) get the page without a search."""
    if request.method in ("GET", "HEAD"):
        target = find_new_address(request)
        if target is not None:
            return HttpResponsePermanentRedirect(target, headers={"Cache-Control": REMEMBERED})
        note_missed(request.path)
    is_file = "." in request.path.rsplit("/", 1)[-1]
    query = "" if is_file else words_of(request.path)
    cards: list[Card] = []
    if query:
        found = find_products(Query(text=query, page_size=SHOWN))
        cards = build_cards(found.documents)
    return render(request, "errors/404.html", {"query": query, "cards": cards}, status=404)


def find_new_address(request: HttpRequest) -> str | None:
    """What staff or an import said goes before what the shop remembers; their target may itself have moved since."""
    asked = request.get_full_path()
    redirected = resolve_redirect(asked)
    path, mark, query = (redirected or asked).partition("?")
    moved = find_moved(path)
    return moved + mark + query if moved else redirected


def show_failure(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: whatever broke must not break this page too."""
    record_failure(request, sys.exc_info()[1])
    page = get_template("errors/500.html").render({"request_id": request.META.get("REQUEST_ID", "")})
    return HttpResponse(page, status=500)
