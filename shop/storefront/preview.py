"""A draft as it would look: `/preview/<signed link>/`, for whoever got the link, without an account, for a week."""

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.content.models import HOME, Menu, Page
from catalog.content.preview import PreviewGone, read_preview
from catalog.content.shown import shown_page
from shop.storefront.frame import Frame
from shop.storefront.home import home_context
from shop.storefront.information import page_context


@require_safe
@never_cache
def show_preview(request: HttpRequest, token: str) -> HttpResponse:
    """Never kept by anybody, never indexed; links of the page lead into the public shop."""
    try:
        piece, body, sentence = read_preview(token)
    except (PreviewGone, signing.BadSignature):
        raise Http404 from None
    template, context = _present(piece, body)
    answer = render(request, template, {**context, "preview": sentence})
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _present(piece: Page | Menu, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A menu is shown around the home page."""
    if isinstance(piece, Menu):
        frame = Frame("/", draft={piece.place: body["entries"]})
        return "storefront/home.html", home_context(shown_page(HOME), frame=frame)
    if piece.slug == HOME:
        return "storefront/home.html", home_context(body, frame=Frame("/"))
    return "storefront/words.html", page_context(body, frame=Frame(piece.path), slug=piece.slug)
