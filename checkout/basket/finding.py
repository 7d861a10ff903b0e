"""Which basket a request speaks of: the owner's when signed in, else the one in the signed cookie."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import IntegerField, QuerySet
from django.http import HttpRequest
from oscar.apps.basket.models import Basket

from checkout.accounts.models import User
from checkout.basket.cookies import read_basket_id
from checkout.basket.merging import adopt_basket, merge_baskets
from shop.written_once import given, written_once

_COLUMNS = tuple(field.attname for field in Basket._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class Found:
    """`messages` are sentences about a merge that has just happened."""

    basket: Basket | None
    messages: tuple[str, ...] = ()


def find_basket(request: HttpRequest) -> Found:
    """The open basket, or none. Signing in joins the guest's basket to the account's, here, on first use.

    A basket of somebody else is never found: a guest's has no owner, and a cookie opens only baskets without one.
    """
    guest = _open_guest_basket(read_basket_id(request))
    if not request.user.is_authenticated:
        return Found(guest)
    return _find_owned(request.user, guest)


def ensure_basket(request: HttpRequest) -> Found:
    """As find_basket; makes an empty basket when there is none."""
    found = find_basket(request)
    if found.basket is not None:
        return found
    if not request.user.is_authenticated:
        return Found(Basket.objects.create())
    with transaction.atomic():
        # The account's row stands for "the basket of this account": two first clicks make one basket.
        User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        mine = _owned_baskets(request.user).first()
        return Found(mine or Basket.objects.create(owner=request.user))


def find_placed_basket(request: HttpRequest) -> Basket | None:
    """The basket in the cookie when it has become an order and belongs to this visitor (double submit, back button)."""
    basket_id = read_basket_id(request)
    if basket_id is None:
        return None
    basket = Basket.objects.filter(pk=basket_id, status=Basket.SUBMITTED).select_related("draft").first()
    if basket is None or basket.owner_id not in (None, request.user.pk):
        return None
    return basket


def _open_guest_basket(basket_id: int | None) -> Basket | None:
    found = _guest_baskets.ask(basket=basket_id) if basket_id is not None else []
    return Basket.from_db(connection.alias, _COLUMNS, found[0]) if found else None


@written_once
def _guest_baskets() -> QuerySet[Any, Any]:
    guests = Basket.objects.filter(pk=given("basket", IntegerField()), owner=None, status=Basket.OPEN)
    return guests.order_by().values_list(*_COLUMNS)


def _owned_baskets(user: Any) -> Any:
    return Basket.objects.filter(owner=user, status=Basket.OPEN).order_by("pk")


def _find_owned(user: Any, guest: Basket | None) -> Found:
    mine = list(_owned_baskets(user))
    if not mine and guest is not None:
        adopt_basket(basket_id=guest.pk, owner=user)
        return Found(_owned_baskets(user).first())
    if not mine:
        return Found(None)
    others = [*mine[1:], guest] if guest is not None else mine[1:]
    messages = [
        sentence for other in others for sentence in merge_baskets(source_id=other.pk, target_id=mine[0].pk, owner=user)
    ]
    return Found(mine[0], tuple(messages))
