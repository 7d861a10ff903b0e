"""The accessibility statement (Directive (EU) 2019/882, Annex V): `/accessibility/`, from the results of the last check.

`accessibility.json` is written by `python -m tests.storefront.accessibility`; nobody edits it by hand.
"""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shop.storefront.structured_data import full_url

RESULTS: Final = Path(__file__).with_name("accessibility.json")
GAPS: Final = (
    "Product pictures are described by their name and view; there is no long description of what they show.",
    "Documents in PDF (invoices, credit notes) have not been checked with a screen reader. We send their text on request.",
    "The page on which you pay belongs to the payment provider, who answers for it.",
    "Reviews are shown as their writers wrote them, which may be hard to read.",
    "A machine finds about half of the obstacles. People who use screen readers every day have not tested this release yet.",
)


@require_safe
@gzip_page
def show_statement(request: HttpRequest) -> HttpResponse:
    results = read_results()
    context = {
        "checked_on": results["checked_on"],
        "tool": results["tool"],
        "pages": results["pages"],
        "broken": sum(len(page["broken"]) for page in results["pages"]),
        "gaps": GAPS,
        "mail": settings.DEFAULT_FROM_EMAIL.split("<")[-1].rstrip(">"),
        "canonical_url": full_url("/accessibility/"),
        "description": "How far this shop can be used by everybody: what was checked, what is known to be missing.",
    }
    return render(request, "storefront/accessibility.html", context)


@lru_cache(maxsize=1)
def read_results() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULTS.read_text())
    return {**found, "checked_on": date.fromisoformat(found["checked_on"])}
