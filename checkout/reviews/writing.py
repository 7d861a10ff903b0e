"""Write a review: of a bought line, which makes it a verified one, or of a product by an account that has not bought it.

Each waits for staff to read it before anybody sees it.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from oscar.apps.catalogue.models import Product
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.order.models import Line

from checkout.accounts.models import User
from checkout.reviews.bought_lines import bought_lines, why_not
from checkout.reviews.plain_text import plain_line, plain_paragraphs
from checkout.reviews.records import ReviewedLine


class CannotReview(Exception):
    """Not bought, not paid, or said already; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`score` 1 to 5. The rest is cleaned before it is stored."""

    score: int
    title: str
    body: str
    name: str


@transaction.atomic
def review_line(line_id: int, *, order_id: int, words: Words) -> ProductReview:
    """The verified review of one bought line. Raises CannotReview; the same line a second time is refused."""
    line = (
        Line.objects.select_for_update(of=("self",), no_key=True)
        .select_related("order__placed", "order__user", "product__parent")
        .filter(pk=line_id, order_id=order_id)
        .first()
    )
    if line is None:
        raise CannotReview("That is not a line of this order. Please choose one of the things listed on its page.")
    if sentence := why_not(line):
        raise CannotReview(sentence)
    product = line.product.parent or line.product
    review = _write(
        product,
        words=words,
        user=_free_author(line.order.user, product),
        email=line.order.guest_email or (line.order.user.email if line.order.user else ""),
    )
    ReviewedLine.objects.create(review=review, line=line)
    return review


@transaction.atomic
def review_product(product: Product, *, user: User, words: Words) -> ProductReview:
    """By an account: of the first line of this product that it bought and has not reviewed, else an unverified one.

    Raises CannotReview when everything was said.
    """
    family = product.parent or product
    line = next((one for one in bought_lines(user, family) if not why_not(one)), None)
    if line is not None:
        return review_line(line.pk, order_id=line.order_id, words=words)
    author = _free_author(user, family)
    if author is None:
        raise CannotReview(f"You have reviewed {family.get_title()} already. Thank you; one review for each purchase.")
    return _write(family, words=words, user=author, email=user.email)


def _free_author(user: Any, product: Product) -> User | None:
    """The account, unless it is the author of another review of this product: Oscar's table takes one of each.

    The line names the buyer either way. Reviews of one account wait for each other here.
    """
    if user is None:
        return None
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return None if ProductReview.objects.filter(product=product, user=locked).exists() else locked


def _write(product: Product, *, words: Words, user: User | None, email: str) -> ProductReview:
    return ProductReview.objects.create(
        product=product,
        score=words.score,
        title=plain_line(words.title)[:120],
        body=plain_paragraphs(words.body),
        name=plain_line(words.name)[:60] or "A customer",
        email=email,
        user=user,
        status=ProductReview.FOR_MODERATION,
    )
