"""Who may enter the back office: staff whose session has passed the second factor."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

ENROLLED = "second_factor_enrolled"
"""Session key: this session proved the code while it was being set up."""


def may_enter(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and user.is_staff and (not settings.STAFF_SECOND_FACTOR or has_passed(request))


def has_passed(request: HttpRequest) -> bool:
    """Whether this very session gave the second factor: when signing in, when asked again, or when enrolling.

    That the account has a factor is not enough: another session of it may know the password alone.
    """
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in records):
        return True
    return request.session.get(ENROLLED) == request.user.pk


def note_enrolment(sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Receiver of allauth's `authenticator_added`: setting up an app takes a valid code from it."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session[ENROLLED] = user.pk


def note_removal(sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Receiver of allauth's `authenticator_removed`: without a factor the session starts again."""
    request.session.pop(ENROLLED, None)


def way_in(request: HttpRequest) -> str:
    """Where somebody who may not enter yet has to go first; "" for those who never may."""
    here = request.get_full_path()
    user = request.user
    if not user.is_authenticated:
        return with_next(reverse("account_login"), here)
    if not user.is_active or not user.is_staff:
        return ""
    if not get_adapter().is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return with_next(reverse("mfa_activate_totp"), here)
    return with_next(reverse("mfa_reauthenticate"), here)


def with_next(url: str, here: str) -> str:
    return f"{url}?{urlencode({'next': here})}"
