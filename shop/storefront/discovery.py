"""What agents read first: `/.well-known/ucp`, `/.well-known/acp.json`, `/llms.txt`.

Only what the shop really does. Orders are placed on its pages, by people; so no service, no transport and no payment
handler for agents is claimed, and both documents say so by empty lists: an agent need not try and fail.
Sources: Universal Commerce Protocol 2026-04-08, schemas/discovery/profile.json and ucp.json (business profile);
Agentic Commerce Protocol, rfcs/rfc.discovery.md (DiscoveryResponse); llmstxt.org.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.categories import category_tree
from catalog.content.shown import shown_titles
from shop.storefront.feeds.formats import FORMATS
from shop.storefront.links import category_url
from shop.storefront.structured_data import full_url

UCP_VERSION: Final = "2026-04-08"
ACP_VERSION: Final = "2026-01-30"
KEPT: Final = "public, max-age=3600"


@require_safe
def show_ucp_profile(request: HttpRequest) -> JsonResponse:
    profile = {"ucp": {"version": UCP_VERSION, "services": {}, "capabilities": {}, "payment_handlers": {}}}
    return JsonResponse(profile, headers={"Cache-Control": KEPT})


@require_safe
def show_acp_document(request: HttpRequest) -> JsonResponse:
    document = {
        "protocol": {
            "name": "acp",
            "version": ACP_VERSION,
            "supported_versions": [ACP_VERSION],
            "documentation_url": full_url("/llms.txt"),
        },
        "api_base_url": full_url("/"),
        "transports": [],
        "capabilities": {
            "services": [],
            "supported_currencies": [settings.SHOP_CURRENCY.lower()],
            "supported_locales": ["en-GB"],
        },
    }
    return JsonResponse(document, headers={"Cache-Control": KEPT})


@require_safe
def show_guide(request: HttpRequest) -> HttpResponse:
    """`/llms.txt`: two queries."""
    context = {
        "shop_name": settings.SHOP_NAME,
        "tagline": settings.SHOP_TAGLINE,
        "site": full_url(""),
        "categories": [(node.name, full_url(category_url(node.address))) for node in category_tree(levels=1)],
        "pages": [(title, full_url(f"/info/{slug}/")) for slug, title in shown_titles()],
        "feeds": [full_url(f"/feeds/{name}") for name in FORMATS] if settings.FEEDS_PUBLIC else [],
        "currency": settings.SHOP_CURRENCY,
        "includes_tax": settings.PRICES_INCLUDE_TAX,
    }
    return render(request, "storefront/llms.txt", context, content_type="text/plain; charset=utf-8")
