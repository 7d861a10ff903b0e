"""Put things on an account's wish list and take them off. An account has one list here: its oldest of Oscar's."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from oscar.apps.catalogue.models import Product
from oscar.apps.wishlists.models import Line, WishList

from catalog.publication.openness import is_published
from checkout.accounts.models import User
from checkout.wishlist.cookies import MOST


class UnknownWish(LookupError):
    """No published product has this id, or it does not come in this variant."""


class ListIsFull(Exception):
    """The message is the sentence to show."""

    def __init__(self) -> None:
        super().__init__(f"A wish list holds {MOST} things. Please take one away first.")


def choose_wish(product_id: int, *, variant: str = "") -> Product:
    """The product, or the variant of it that is named by its id. Raises UnknownWish."""
    wanted = int(variant) if variant.isascii() and variant.isdigit() and len(variant) < 19 else product_id
    found = Product.objects.filter(is_published(), pk=wanted).select_related("parent").first()
    if found is None or product_id not in (found.pk, found.parent_id):
        raise UnknownWish(product_id)
    return found


def wishes_of(user: User) -> list[int]:
    """Product ids in the order they were added. One query."""
    lines = Line.objects.filter(wishlist__owner=user, product__isnull=False).order_by("pk")
    return list(dict.fromkeys(lines.values_list("product_id", flat=True)))


@transaction.atomic
def add_wishes(user: User, products: Sequence[Product]) -> list[int]:
    """Add what is not there yet; answers the whole list. Raises ListIsFull when none of them fits any more."""
    # The account's row stands for its list: two first clicks make one list, and one line.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    known = wishes_of(user)
    new = [product for product in products if product.pk not in known]
    if new and len(known) >= MOST:
        raise ListIsFull
    if new:
        kept = WishList.objects.filter(owner=user).order_by("date_created", "pk").first()
        kept = kept or WishList.objects.create(owner=user, name="Wish list")
        fitting = new[: MOST - len(known)]
        Line.objects.bulk_create(
            Line(wishlist=kept, product=product, title=product.get_title()[:255]) for product in fitting
        )
        known += [product.pk for product in fitting]
    return known


def remove_wish(user: User, product_id: int) -> bool:
    """False when it was not there."""
    removed, _ = Line.objects.filter(wishlist__owner=user, product_id=product_id).delete()
    return bool(removed)


def join_wishes(user: User, product_ids: Iterable[int]) -> list[int]:
    """What a guest collected comes to the account at sign-in: the union, as far as it fits; answers the whole list."""
    found = Product.objects.filter(pk__in=list(product_ids)).select_related("parent").in_bulk()
    try:
        return add_wishes(user, [found[pk] for pk in product_ids if pk in found])
    except ListIsFull:
        return wishes_of(user)
