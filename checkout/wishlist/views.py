"""The wish list's pages. Each change answers 303, so that it works without script."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Product

from checkout.accounts.models import User
from checkout.basket.cookies import remember_basket
from checkout.basket.finding import ensure_basket, find_basket
from checkout.basket.lines import UnknownProduct, add_line, choose_product, count_units, remove_line
from checkout.basket.origin import same_origin_only
from checkout.basket.quantity import BasketRefusal
from checkout.basket.views import BASKET_URL, SeeOther
from checkout.wishlist.cookies import (
    COUNT,
    MOST,
    forget_wishes,
    read_guest_wishes,
    remember_guest_wishes,
    show_wish_count,
)
from checkout.wishlist.keeping import (
    ListIsFull,
    UnknownWish,
    add_wishes,
    choose_wish,
    join_wishes,
    remove_wish,
    wishes_of,
)
from checkout.wishlist.page import show_wishes

WISHLIST_URL = "/wishlist/"


@require_GET
@never_cache
def show_wishlist(request: HttpRequest) -> HttpResponse:
    wishes = _wishes(request)
    response = render(
        request, "wishlist/wishlist.html", {"wishes": show_wishes(wishes), "is_guest": _user(request) is None}
    )
    if _user(request) is None:
        if request.COOKIES.get(COUNT, "0") != str(len(wishes)):
            remember_guest_wishes(response, wishes)
    else:
        forget_wishes(response)
        show_wish_count(response, len(wishes))
    return response


@require_POST
@same_origin_only
def add_to_wishlist(request: HttpRequest, product_id: int) -> HttpResponse:
    """From a product's page, which is the same for everybody and carries no token."""
    try:
        product = choose_wish(product_id, variant=request.POST.get("variant", ""))
    except UnknownWish:
        raise Http404("This product is not in the shop (any more).") from None
    try:
        wishes = _add(request, product.pk)
        said, is_added = f"{product.get_title()} is on your wish list.", True
    except ListIsFull as refusal:
        wishes, said, is_added = _wishes(request), str(refusal), False
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "wishlist/said.html", {"said": said, "is_added": is_added})
    else:
        (messages.success if is_added else messages.warning)(request, said)
        response = SeeOther(WISHLIST_URL)
    return _remember(request, response, wishes)


@require_POST
def remove_from_wishlist(request: HttpRequest, product_id: int) -> HttpResponse:
    user, wishes = _user(request), _wishes(request)
    if user is not None:
        remove_wish(user, product_id)
    if product_id in wishes:
        messages.success(request, "It was taken off your wish list.")
    return _remember(request, SeeOther(WISHLIST_URL), [pk for pk in wishes if pk != product_id])


@require_POST
def move_to_basket(request: HttpRequest, product_id: int) -> HttpResponse:
    """Into the basket and off the list; refused with a sentence, it stays on the list."""
    wishes = _wishes(request)
    if product_id not in wishes:
        messages.warning(request, "That is no longer on your wish list. Here is what is.")
        return SeeOther(WISHLIST_URL)
    try:
        wish = choose_product(product_id)
        found = ensure_basket(request)
        assert found.basket is not None
        add_line(basket_id=found.basket.pk, wish=wish, quantity=1)
    except UnknownProduct:
        messages.warning(request, "This is no longer in the shop.")
        return SeeOther(WISHLIST_URL)
    except BasketRefusal as refusal:
        messages.warning(request, str(refusal))
        return SeeOther(WISHLIST_URL)
    user = _user(request)
    if user is not None:
        remove_wish(user, product_id)
    messages.success(request, f"{wish.title} is in your basket.")
    response = _remember(request, SeeOther(BASKET_URL), [pk for pk in wishes if pk != product_id])
    remember_basket(response, basket_id=found.basket.pk, count=count_units(found.basket.pk))
    return response


@require_POST
def move_from_basket(request: HttpRequest, line_id: int) -> HttpResponse:
    """Onto the list and out of the basket; when the list is full nothing changes."""
    found = find_basket(request)
    line = BasketLine.objects.filter(basket=found.basket, pk=line_id).first() if found.basket is not None else None
    if found.basket is None or line is None:
        messages.warning(request, "That is no longer in your basket. Here is what is.")
        return SeeOther(BASKET_URL)
    try:
        wishes = _add(request, line.product_id)
        name = remove_line(basket_id=found.basket.pk, line_id=line.pk)
        messages.success(request, f"{name} moved to your wish list.")
    except (ListIsFull, BasketRefusal) as refusal:
        messages.warning(request, str(refusal))
        return SeeOther(BASKET_URL)
    response = _remember(request, SeeOther(BASKET_URL), wishes)
    remember_basket(response, basket_id=found.basket.pk, count=count_units(found.basket.pk))
    return response


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _wishes(request: HttpRequest) -> list[int]:
    """The visitor's list. What a guest collected joins the account's here, on first use after signing in."""
    user, mine = _user(request), read_guest_wishes(request)
    if user is None:
        return mine
    return join_wishes(user, mine) if mine else wishes_of(user)


def _add(request: HttpRequest, product_id: int) -> list[int]:
    """Raises ListIsFull."""
    user, wishes = _user(request), _wishes(request)
    if product_id in wishes:
        return wishes
    if len(wishes) >= MOST:
        raise ListIsFull
    if user is not None:
        return add_wishes(user, [Product.objects.select_related("parent").get(pk=product_id)])
    return [*wishes, product_id]


def _remember(request: HttpRequest, response: HttpResponse, wishes: list[int]) -> HttpResponse:
    if _user(request) is None:
        remember_guest_wishes(response, wishes)
    else:
        forget_wishes(response)
        show_wish_count(response, len(wishes))
    return response
