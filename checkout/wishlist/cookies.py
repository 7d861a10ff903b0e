"""A guest's wish list: product ids in a signed cookie, and a count that the page's script shows."""

from collections.abc import Sequence

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

WISHES, COUNT = "wishes", "wish_count"
SALT = "checkout.wishlist"
LIFETIME = 60 * 60 * 24 * 180
MOST = 60


def read_guest_wishes(request: HttpRequest) -> list[int]:
    """Product ids in the order they were added; none without a cookie, and for one that is forged or broken."""
    try:
        value = str(request.get_signed_cookie(WISHES, salt=SALT))
    except (KeyError, BadSignature):
        return []
    parts = [part for part in value.split(".") if part.isascii() and part.isdigit() and len(part) < 19]
    return list(dict.fromkeys(int(part) for part in parts))[:MOST]


def remember_guest_wishes(response: HttpResponse, product_ids: Sequence[int]) -> None:
    if not product_ids:
        forget_wishes(response)
        return
    response.set_signed_cookie(
        WISHES,
        ".".join(str(pk) for pk in product_ids),
        salt=SALT,
        max_age=LIFETIME,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    show_wish_count(response, len(product_ids))


def show_wish_count(response: HttpResponse, count: int) -> None:
    response.set_cookie(
        COUNT, str(count), max_age=LIFETIME, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=False
    )


def forget_wishes(response: HttpResponse) -> None:
    response.delete_cookie(WISHES, samesite="Lax")
    response.delete_cookie(COUNT, samesite="Lax")
