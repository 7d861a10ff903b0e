"""All reviews of a product: `/p/<slug>/reviews/`, a page at a time, all or those with so many stars (`?stars=4`)."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from oscar.apps.catalogue.reviews.models import ProductReview

from catalog.publication.openness import open_documents
from catalog.search.records import SearchDocument
from shop.storefront.cards import show_rating
from shop.storefront.links import HOME, Link
from shop.storefront.shown_reviews import average_of, read_review, show_histogram, show_review
from shop.storefront.structured_data import full_url

PAGE_SIZE: Final = 20


@require_safe
@gzip_page
def show_reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """Four queries with the frame's. A nonsense page or number of stars shows the nearest that exists."""
    document = SearchDocument.objects.only("product_id", "slug", "title").filter(open_documents(), slug=slug).first()
    if document is None:
        raise Http404
    approved = ProductReview.objects.filter(product=document.pk, status=ProductReview.APPROVED)
    scores = dict(approved.order_by().values_list("score").annotate(Count("pk")))
    stars = _read_stars(request.GET.get("stars", ""), scores)
    count = scores[stars] if stars else sum(scores.values())
    rows = _ordered(approved.filter(score=stars) if stars else approved)
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = count  # type: ignore[misc]  # counted above, with the histogram
    page = paginator.get_page(request.GET.get("page"))
    url, product_url = f"/p/{document.slug}/reviews/", f"/p/{document.slug}/"
    total = sum(scores.values())
    query = f"stars={stars}&" if stars else ""
    context = {
        "product": {"name": document.title, "url": product_url},
        "breadcrumbs": [HOME, Link(name=document.title, url=product_url)],
        "reviews": {
            "rating": show_rating(average_of(scores), total),
            "histogram": show_histogram(scores, url=url),
            "entries": [_show_row(row) for row in page.object_list],
            "count": total,
            "write_url": f"/account/review/{document.pk}/",
            "stars": stars,
            "url": url,
        },
        "pages": _show_pages(page, query=query),
        "canonical_url": full_url(url if page.number == 1 else f"{url}?page={page.number}"),
        "description": f"{total} reviews of {document.title}, good and bad ones alike.",
        "is_indexed": not stars,
    }
    return render(request, "storefront/reviews.html", context)


def _read_stars(text: str, scores: Mapping[int, int]) -> int:
    return int(text) if text in ("1", "2", "3", "4", "5") and scores.get(int(text)) else 0


def _ordered(reviews: QuerySet[ProductReview]) -> QuerySet[ProductReview, dict[str, Any]]:
    """Newest first, as on the product's page."""
    ordered = reviews.order_by("-date_created", "-pk").annotate(proof=F("bought"), answer=F("reply__text"))
    return ordered.values("title", "body", "score", "name", "date_created", "proof", "answer")


def _show_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return show_review(
        read_review({**row, "who": row["name"], "bought": row["proof"] is not None, "reply": row["answer"]})
    )


def _show_pages(page: Page[Any], *, query: str) -> dict[str, Any]:
    """The `pages` of templates/components/pagination.html."""

    def url(number: int) -> str:
        return f"?{query}page={number}"

    return {
        "number": page.number,
        "count": page.paginator.num_pages,
        "previous_url": url(page.number - 1) if page.has_previous() else "",
        "next_url": url(page.number + 1) if page.has_next() else "",
        "links": [
            {"number": one, "url": url(one), "is_current": one == page.number}
            if isinstance(one, int)
            else {"is_gap": True}
            for one in page.paginator.get_elided_page_range(page.number)
        ],
    }
