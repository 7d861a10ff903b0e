"""Staff reach the back office only with a second factor. The first time they enrol; later the sign-in asks for it."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def has_second_factor(user: Any) -> bool:
    """Whether an authenticator app is set up for the account."""
    return bool(user.is_authenticated) and is_mfa_enabled(user)


def has_passed_second_factor(request: HttpRequest) -> bool:
    """Whether this very session gave a code: at sign-in, at the enrolment, or when asked again.

    True when STAFF_SECOND_FACTOR is off.
    """
    if not settings.STAFF_SECOND_FACTOR:
        return True
    if not has_second_factor(request.user):
        return False
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def gate_url(request: HttpRequest) -> str:
    """Where to send a signed-in member of staff who may not pass yet; "" when they may.

    To enrol when there is no second factor, to the reauthentication by code when there is.
    """
    if has_passed_second_factor(request):
        return ""
    name = "mfa_reauthenticate" if has_second_factor(request.user) else "mfa_activate_totp"
    return f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"
