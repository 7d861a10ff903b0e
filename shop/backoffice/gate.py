"""Who may enter the back office: staff whose session has passed the second factor; and who has to give it again."""

import time
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from checkout.accounts.second_factor import gate_url, has_passed_second_factor

FRESH_SECONDS = 15 * 60
"""How long a code counts for acts that move money or rights."""


def may_enter(request: HttpRequest) -> bool:
    """Asked several times while a page is made, answered once."""
    if not hasattr(request, "_may_enter"):
        user = request.user
        request._may_enter = user.is_active and user.is_staff and has_passed_second_factor(request)  # type: ignore[attr-defined]
    return bool(request._may_enter)  # type: ignore[attr-defined]


def way_in(request: HttpRequest) -> str:
    """Where somebody who may not enter yet has to go first; "" for those who never may."""
    if not request.user.is_authenticated:
        return with_next(reverse("account_login"), request.get_full_path())
    return gate_url(request) if request.user.is_active and request.user.is_staff else ""


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session gave a code within FRESH_SECONDS."""
    if not settings.STAFF_SECOND_FACTOR:
        return True
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == "mfa" and time.time() - one.get("at", 0) < FRESH_SECONDS for one in records)


def way_to_freshness(request: HttpRequest) -> str:
    return with_next(reverse("mfa_reauthenticate"), request.get_full_path())


def with_next(url: str, here: str) -> str:
    return f"{url}?{urlencode({'next': here})}"
