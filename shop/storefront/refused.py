"""Requests that are refused before any room sees them: a sentence on what happened, and a way on."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    headline: str
    sentence: str


UNREADABLE: Final = Refusal(
    400,
    "We could not read that",
    "Your browser sent something that we do not understand, so nothing was changed. Please go back and try again.",
)
FORBIDDEN: Final = Refusal(
    403, "This page is not open to you", "Nothing was changed. If it should be, please sign in with another account."
)
FOREIGN_FORM: Final = Refusal(
    403,
    "Please send that form once more",
    "We could not tell that it came from our own page: it may have been open for long, or cookies are switched off."
    " Nothing was changed. Please go back, reload the page and try again.",
)


def show_unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refuse(request, UNREADABLE)


def show_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refuse(request, FORBIDDEN)


def show_foreign_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without a valid CSRF token."""
    return _refuse(request, FOREIGN_FORM)


def _refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Rendered without context processors: what made the request unreadable must not break this page too."""
    context = {"refusal": refusal, "request_id": request.META.get("REQUEST_ID", "")}
    page = get_template("errors/refused.html").render(context)
    return HttpResponse(page, status=refusal.status, headers={"Cache-Control": "no-store"})
