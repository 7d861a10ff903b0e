"""The two cookies of a basket: a signed number that only we read, and a count that the page's script shows."""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

BASKET, COUNT = "basket", "basket_count"
SALT = "checkout.basket"
LIFETIME = 60 * 60 * 24 * 60


def read_basket_id(request: HttpRequest) -> int | None:
    """None without a cookie, and for one that is forged or broken."""
    try:
        value = str(request.get_signed_cookie(BASKET, salt=SALT))
    except (KeyError, BadSignature):
        return None
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def remember_basket(response: HttpResponse, *, basket_id: int, count: int) -> None:
    response.set_signed_cookie(
        BASKET,
        str(basket_id),
        salt=SALT,
        max_age=LIFETIME,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    show_count(response, count)


def show_count(response: HttpResponse, count: int) -> None:
    response.set_cookie(
        COUNT, str(count), max_age=LIFETIME, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=False
    )


def forget_basket(response: HttpResponse) -> None:
    """After signing out, or when the basket became an order."""
    response.delete_cookie(BASKET, samesite="Lax")
    response.delete_cookie(COUNT, samesite="Lax")
