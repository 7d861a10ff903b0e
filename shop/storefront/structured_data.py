"""What pages tell search engines, as JSON-LD (schema.org). Values equal the page; what is unknown is left out."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from shop.storefront.links import Link

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def full_url(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def describe_breadcrumbs(links: Sequence[Link]) -> SafeString:
    entries = [
        {"@type": "ListItem", "position": position, "name": link.name, "item": full_url(link.url)}
        for position, link in enumerate(links, start=1)
    ]
    return write_data({"@type": "BreadcrumbList", "itemListElement": entries})


def describe_list(entries: Sequence[tuple[str, str]]) -> SafeString:
    """(name, path) of the products of one page of a list, in its order; nothing for an empty one."""
    if not entries:
        return SafeString("")
    elements = [
        {"@type": "ListItem", "position": position, "name": name, "url": full_url(path)}
        for position, (name, path) in enumerate(entries, start=1)
    ]
    return write_data({"@type": "ItemList", "numberOfItems": len(elements), "itemListElement": elements})


def describe_shop() -> SafeString:
    """Who sells here, and how the shop is searched; for the home page."""
    home = full_url("/")
    return write_data(
        {"@type": "Organization", "@id": f"{home}#shop", "name": settings.SHOP_NAME, "url": home},
        {
            "@type": "WebSite",
            "name": settings.SHOP_NAME,
            "url": home,
            "publisher": {"@id": f"{home}#shop"},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": full_url("/search/?q={search_term_string}")},
                "query-input": "required name=search_term_string",
            },
        },
    )


def write_data(*things: Mapping[str, Any]) -> SafeString:
    """Data blocks, not scripts: browsers do not run them, so the content security policy has no say.

    Escaped so that no text can end the element.
    """
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
