"""Which lines of an order may be reviewed, and what has been said of them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from oscar.apps.catalogue.models import Product
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.order.models import Line, Order

from checkout.accounts.models import User
from checkout.orders.states import CANCELLED
from checkout.reviews.records import ReviewedLine

STATES = {
    ProductReview.FOR_MODERATION: "Thank you. Your review is shown as soon as we have read it.",
    ProductReview.APPROVED: "Your review is on the product's page. Thank you.",
    ProductReview.REJECTED: "We do not show your review: it did not speak of the product.",
}


def why_not(line: Line) -> str:
    """Why this line cannot be reviewed, as a sentence; "" when it can."""
    placed = getattr(line.order, "placed", None)
    if placed is None or placed.paid_at is None or line.order.status == CANCELLED:
        return "A review needs something that was bought: this order is not paid, or was cancelled."
    if line.product is None:
        return f"{line.title} is no longer in the shop, so there is no page for a review of it."
    if ReviewedLine.objects.filter(line=line).exists():
        return f"You have reviewed {line.title} already. Thank you; one review for each purchase."
    return ""


def bought_lines(user: User, family: Product) -> Sequence[Line]:
    """Lines of the account's paid orders with this product or one of its variants, the oldest first."""
    mine = Line.objects.filter(order__user=user, order__placed__paid_at__isnull=False)
    mine = mine.filter(Q(product=family) | Q(product__parent=family)).exclude(order__status=CANCELLED)
    return mine.select_related("order__placed", "product").order_by("pk")


def lines_to_review(order: Order, *, page: str) -> list[dict[str, Any]]:
    """For the order's page at `page`: each line of a paid order with the address of its form, or what became of it.

    Two queries. Nothing for an order that is not paid or was cancelled.
    """
    if order.status == CANCELLED or order.placed.paid_at is None:
        return []
    lines = Line.objects.filter(order=order, product__isnull=False).select_related("review__review").order_by("pk")
    return [_invite(line, page=page) for line in lines]


def _invite(line: Line, *, page: str) -> dict[str, Any]:
    said = getattr(line, "review", None)
    return {
        "name": line.title,
        "url": "" if said else f"{page}review/{line.pk}/",
        "words": STATES[said.review.status] if said else "",
    }
