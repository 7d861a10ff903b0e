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


def write_data(*things: Mapping[str, Any]) -> SafeString:
    """Data blocks, not scripts: browsers do not run them, so the content security policy has no say.

    Escaped so that no text can end the element.
    """
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
