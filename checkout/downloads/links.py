"""The address of a download: an id and 256 bits that nobody can guess, derived from SECRET_KEY and stored nowhere."""

import base64
import hmac

from django.conf import settings

from checkout.downloads.records import Entitlement
from checkout.orders.access import UnknownLink


def download_path(entitlement: Entitlement) -> str:
    return f"/download/{entitlement.pk}-{_derive(entitlement, key=settings.SECRET_KEY)}/"


def download_link(entitlement: Entitlement) -> str:
    """The absolute address, from SITE_URL, never from a request's Host header."""
    return f"{settings.SITE_URL}{download_path(entitlement)}"


def find_entitlement(token: str) -> Entitlement:
    """Raises UnknownLink: wrong, and of a former serial, are one answer."""
    number, _, seal = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise UnknownLink
    found = Entitlement.objects.select_related("order__user", "file").filter(pk=int(number)).first()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if found is None or not any(hmac.compare_digest(_derive(found, key=key).encode(), seal.encode()) for key in keys):
        raise UnknownLink
    return found


def _derive(entitlement: Entitlement, *, key: str) -> str:
    message = f"checkout.downloads:{entitlement.pk}:{entitlement.serial}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), message, "sha256")).decode().rstrip("=")
