"""Serves pages from the keeper, and offers it the pages that may be kept. Stands first, right behind the request id."""

import logging
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from shop.page_cache.answers import one_hearing
from shop.page_cache.keeper import Keeper
from shop.page_cache.reading import Reading, read_schema, watch_reading
from shop.page_cache.shelf import Kept

logger = logging.getLogger(__name__)

HARMLESS_COOKIES: Final = frozenset({"basket", "basket_count", "compare", "csrftoken", "wish_count", "wishes"})
"""A visitor with these alone sees what everybody sees, unless the page reads them (then it is not kept)."""
FRAMEWORK_COOKIES: Final = frozenset({settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"})
"""Looked for by the middleware of every request. A visitor who sends a session or messages is never served from here."""
PERSONAL: Final = ("/p/", "/seen/")
"""With something in the basket these propose other things than to everybody: made anew, kept by nobody."""
_HTMX: Final = ("HTTP_HX_REQUEST", "HTTP_HX_TARGET", "HTTP_HX_BOOSTED")
_VARIES: Final = frozenset({"accept", "accept-encoding", "hx-request", "hx-target", "hx-boosted"})
STATE: Final = "X-Page-Cache"


class PageCacheMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_on = bool(settings.PAGE_CACHE_MEGABYTES)
        self.keeper = Keeper(most_bytes=settings.PAGE_CACHE_MEGABYTES * 2**20)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return self.get_response(request)
        request.has_basket = _has_basket(request)  # type: ignore[attr-defined]
        if request.has_basket and request.path_info.startswith(PERSONAL):  # type: ignore[attr-defined]
            return self._answer_one(request)
        with one_hearing():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        key = name_page(request) if self.is_on else None
        # Within a transaction somebody sees what others do not.
        if key is None or connection.in_atomic_block or not (self.keeper.has(key) or _is_shared(request)):
            return self.get_response(request)
        try:
            epoch = self.keeper.hear()
        except Exception as problem:
            logger.warning("the page cache cannot ask the database: %s", problem)
            return self.get_response(request)
        kept = self.keeper.find(key)
        if kept is not None:
            content, headers = kept.value
            return HttpResponse(content, headers=headers)
        return self._make(request, key, epoch=epoch)

    def _answer_one(self, request: HttpRequest) -> HttpResponse:
        with one_hearing():
            response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        return response

    def _make(self, request: HttpRequest, key: Hashable, *, epoch: int) -> HttpResponse:
        cookies = request.__dict__["COOKIES"] = WatchedCookies(request.COOKIES)
        with watch_reading(read_schema(self.keeper.home)) as reading:
            response = self.get_response(request)
        objections = sorted({*reading.objections, *_list_objections(response, cookies)})
        response.page_cache_objections = objections  # type: ignore[attr-defined]
        response[STATE] = "miss" if not objections else "pass"
        if not objections:
            self.keeper.put(key, _take(response, reading), epoch=epoch)
        return response


class WatchedCookies(dict[str, str]):
    """Remembers whether anybody asked for a cookie that could make the page personal."""

    was_read = False

    def _note(self, name: object) -> None:
        self.was_read = self.was_read or name not in FRAMEWORK_COOKIES

    def __getitem__(self, name: str) -> str:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self._note(None)
        return super().__iter__()

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def items(self) -> Any:
        self._note(None)
        return super().items()

    def values(self) -> Any:
        self._note(None)
        return super().values()

    def keys(self) -> Any:
        self._note(None)
        return super().keys()


def name_page(request: HttpRequest) -> Hashable | None:
    """What two requests for the same page have in common; None for those that may be personal."""
    meta = request.META
    if "HTTP_AUTHORIZATION" in meta:
        return None
    # The one other form in which a page is given; whoever asks for it is answered anew.
    if "markdown" in meta.get("HTTP_ACCEPT", "").lower():
        return None
    if meta.get("HTTP_COOKIE") and not HARMLESS_COOKIES.issuperset(request.COOKIES):
        return None
    return (
        request.scheme,
        meta.get("HTTP_HOST") or (meta.get("SERVER_NAME"), meta.get("SERVER_PORT")),
        request.path,
        meta.get("QUERY_STRING", ""),
        "gzip" in meta.get("HTTP_ACCEPT_ENCODING", ""),
        *(meta.get(name) for name in _HTMX),
    )


def _has_basket(request: HttpRequest) -> bool:
    return request.COOKIES.get("basket_count", "0") != "0"


def _is_shared(request: HttpRequest) -> bool:
    """Whether the address is one of those whose pages are the same for everybody."""
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return False
    return found.namespace in settings.PAGE_CACHE_NAMESPACES


def _list_objections(response: HttpResponse, cookies: WatchedCookies) -> set[str]:
    objections = set()
    if response.status_code != 200:
        objections.add(f"answers {response.status_code}")
    if response.streaming:
        objections.add("is streamed")
    if response.cookies:
        objections.add("sets a cookie")
    if cookies.was_read:
        objections.add("reads a cookie")
    varies = {word.strip().lower() for word in response.get("Vary", "").split(",") if word.strip()}
    objections |= {f"differs by {word}" for word in varies - _VARIES}
    control = response.get("Cache-Control", "").lower()
    objections |= {f"says {word}" for word in ("no-store", "no-cache", "private") if word in control}
    if "nonce-" in response.get("Content-Security-Policy", ""):
        objections.add("holds a nonce")
    return objections


def _take(response: HttpResponse, reading: Reading) -> Kept:
    content = response.content
    headers = {**{name: value for name, value in response.items() if name != "X-Request-ID"}, STATE: "hit"}
    return Kept(value=(content, headers), size=len(content), tables=frozenset(reading.tables))
