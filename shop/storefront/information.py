"""Pages of information: `/info/<slug>/`, as staff published them."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.content.models import HOME, Block
from catalog.content.shown import shown_page
from shop.storefront.frame import Frame
from shop.storefront.links import HOME as HOME_LINK
from shop.storefront.links import Link
from shop.storefront.page_blocks import arrange_blocks
from shop.storefront.structured_data import describe_breadcrumbs, full_url


@require_safe
@gzip_page
def show_page(request: HttpRequest, slug: str) -> HttpResponse:
    body = shown_page(slug) if slug != HOME else None
    if body is None:
        raise Http404
    return render(request, "storefront/words.html", page_context(body, frame=Frame(request.path), slug=slug))


def page_context(body: Mapping[str, Any], *, frame: Frame, slug: str) -> dict[str, Any]:
    """For templates/storefront/words.html."""
    blocks = arrange_blocks(body["blocks"], categories=frame.categories)
    url = f"/info/{slug}/"
    return {
        "frame": frame,
        "page": {"title": body["title"], "lead": body["lead"]},
        "blocks": blocks,
        "is_words_only": all(block.kind == Block.Kind.TEXT for block in blocks),
        "description": body["description"] or body["lead"] or body["title"],
        "canonical_url": full_url(url),
        "structured_data": describe_breadcrumbs([HOME_LINK, Link(name=body["title"], url=url)]),
    }
