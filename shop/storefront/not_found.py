"""An address that moved answers 301; else 404 searches the shop for the words of the address; 500 says so with no database behind it."""

import re
import sys
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import get_template

from catalog.search.query import Query, find_products
from shop.failures.record import record_failure
from shop.redirects.resolve import resolve_redirect
from shop.storefront.cards import Card, build_cards

SHOWN: Final = 8
_WORD: Final = re.compile(r"[^\W\d_]{3,30}")
_OWN: Final = frozenset({"search", "order", "basket", "account", "checkout", "info", "html", "php", "index"})


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Addresses of files (a robot looking for holes, a picture that is gone) get the page without a search."""
    if request.method in ("GET", "HEAD"):
        target = resolve_redirect(request.get_full_path())
        if target is not None:
            return HttpResponsePermanentRedirect(target)
    is_file = "." in request.path.rsplit("/", 1)[-1]
    query = "" if is_file else words_of(request.path)
    cards: list[Card] = []
    if query:
        found = find_products(Query(text=query, page_size=SHOWN))
        cards = build_cards(found.documents)
    return render(request, "errors/404.html", {"query": query, "cards": cards}, status=404)


def words_of(path: str) -> str:
    """`/p/blue-lamp-3/` asks for `blue lamp`."""
    words = [word for word in _WORD.findall(path[:200]) if word.casefold() not in _OWN]
    return " ".join(words[-4:])


def show_failure(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: whatever broke must not break this page too."""
    record_failure(request, sys.exc_info()[1])
    page = get_template("errors/500.html").render({"request_id": request.META.get("REQUEST_ID", "")})
    return HttpResponse(page, status=500)
