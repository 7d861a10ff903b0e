"""The home page: `/`."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.content.models import HOME, Block
from catalog.content.shown import shown_page
from shop.storefront.frame import Frame
from shop.storefront.page_blocks import arrange_blocks
from shop.storefront.structured_data import describe_shop, full_url


@require_safe
@gzip_page
def show_home(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/home.html", home_context(shown_page(HOME), frame=Frame(request.path)))


def home_context(body: Mapping[str, Any] | None, *, frame: Frame) -> dict[str, Any]:
    """For templates/storefront/home.html; without a body the shop arranges itself. Eleven queries at most."""
    blocks = arrange_blocks(body["blocks"] if body else None, categories=frame.categories)
    return {
        "frame": frame,
        "blocks": blocks,
        "has_promise": any(block.kind == Block.Kind.HERO for block in blocks),
        "description": (body["description"] if body else "") or frame.promise,
        "canonical_url": full_url("/"),
        "structured_data": describe_shop(),
    }
