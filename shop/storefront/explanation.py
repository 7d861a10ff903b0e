"""Why a list stands in its order: for staff who ask with `?explain=1`. Nobody else gets a word of it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from catalog.search.query import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One product of the page: its place in the whole list, the addends of its score and their sum, as written."""

    place: int
    title: str
    url: str
    parts: list[tuple[str, str]]
    total: str
    notes: list[str]


def wants_explanation(request: HttpRequest) -> bool:
    """The session is looked at only when the address asks, so that other pages need no cookie."""
    return request.GET.get("explain") == "1" and request.user.is_authenticated and request.user.is_staff


def list_reasons(results: Results, *, first: int) -> list[Reason]:
    """In the order of the page; empty when nothing was explained. The parts as shown add up to the sum as shown."""
    reasons = []
    for place, document in enumerate(results.documents, start=first):
        if document.why is None:
            continue
        # Rounded on the running sum, so that no rounding is lost between the addends and their sum.
        parts, before, running = [], 0, 0.0
        for name, value in document.why.parts:
            running += value
            after = round(running * 1000)
            parts.append((name, f"{(after - before) / 1000:+.3f}"))
            before = after
        reasons.append(
            Reason(
                place=place,
                title=document.title,
                url=f"/p/{document.slug}/",
                parts=parts,
                total=f"{before / 1000:.3f}",
                notes=document.why.notes,
            )
        )
    return reasons


def keep_private(response: HttpResponse) -> HttpResponse:
    """An explained page is for the person who asked, and for no cache."""
    response["Cache-Control"] = "private, no-store"
    return response
