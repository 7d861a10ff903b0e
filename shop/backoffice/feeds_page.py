"""Product feeds: where each is fetched, when it was last written, how many items it had, and what it left out and why."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.feeds import FEEDS, ask_for_check, last_notes
from shop.backoffice.acts import see_other

RIGHT = "backoffice.see_feeds"


def show_feeds(request: HttpRequest) -> HttpResponse:
    """POST has the worker go through all of them."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    if request.method == "POST":
        with transaction.atomic():
            ask_for_check(actor_name=str(request.user))
        messages.success(request, "The feeds are being checked. Load this page again in a minute.")
        return see_other(reverse("admin:feeds"))
    notes = last_notes()
    context = {
        **admin.site.each_context(request),
        "title": "Product feeds",
        "feeds": [
            {"name": name, "reader": reader, "address": _address(name), "note": notes.get(name)}
            for name, reader in FEEDS.items()
        ],
        "is_open": settings.FEEDS_PUBLIC or bool(settings.FEED_TOKEN),
        "is_public": settings.FEEDS_PUBLIC,
    }
    return TemplateResponse(request, "admin/feeds.html", context)


def _address(name: str) -> str:
    """As it is given to whoever reads the feed, with the token that opens it."""
    token = "" if settings.FEEDS_PUBLIC or not settings.FEED_TOKEN else f"?token={settings.FEED_TOKEN}"
    return f"{settings.SITE_URL}/feeds/{name}{token}"
