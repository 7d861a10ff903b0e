"""The guest link: 256 unguessable bits in the address, only their SHA-256 in the database, with an end.

The token is an HMAC of the order's number and the serial of its link under SECRET_KEY: mails written weeks later can
carry it although it is stored nowhere. Revoking raises the serial. After SECRET_KEY changed, keep the old one in
SECRET_KEY_FALLBACKS as long as links shall live; without it an order's next mail carries a new link.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.records import PlacedOrder
from checkout.orders.timeline import record_event


class UnknownLink(Exception):
    """Wrong, revoked or expired: one answer for all three."""


@dataclass(frozen=True, slots=True)
class Access:
    """`token` goes into the address, `digest` into PlacedOrder.access_token, with `lifetime` from now."""

    token: str
    digest: str
    lifetime: timedelta


def new_access(order_number: str, *, serial: int = 1) -> Access:
    """The link of a fresh order; PlacedOrder.access_serial starts at 1."""
    token = _derive(order_number, serial=serial, key=settings.SECRET_KEY)
    return Access(token=token, digest=digest_of(token), lifetime=timedelta(days=settings.ORDER_LINK_DAYS))


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def order_path(token: str) -> str:
    return f"/order/{token}/"


def find_order(token: str) -> Order:
    """The order behind a link, with its record and addresses. Raises UnknownLink. The database's clock judges."""
    placed = (
        PlacedOrder.objects.select_related(
            "order", "order__shipping_address__country", "order__billing_address__country", "order__user"
        )
        .filter(access_token=digest_of(token), access_expires_at__gt=Now())
        .first()
    )
    if placed is None:
        raise UnknownLink
    return placed.order


def token_of(order_id: int) -> str:
    """The token in the order's link as it is now, for mails and redirects."""
    return tokens_of([order_id])[order_id]


def tokens_of(order_ids: Iterable[int]) -> dict[int, str]:
    """`token_of` for many orders; one query."""
    found = PlacedOrder.objects.select_related("order").filter(pk__in=set(order_ids))
    return {placed.pk: _token_in(placed) for placed in found}


def read_token(order_number: str, *, serial: int, digest: str) -> str | None:
    """The token whose `digest` is stored; None when the secret key that made it is gone."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(order_number, serial=serial, key=key)
        if hmac.compare_digest(digest_of(token), digest):
            return token
    return None


def _token_in(placed: PlacedOrder) -> str:
    known = read_token(placed.order.number, serial=placed.access_serial, digest=placed.access_token)
    return known or renew_access(placed.pk, reason="The secret key that made the former link is gone.")


def link_of(order_id: int) -> str:
    """The absolute address, from SITE_URL, never from a request's Host header."""
    return f"{settings.SITE_URL}{order_path(token_of(order_id))}"


def renew_access(order_id: int, *, reason: str, actor: object = None) -> str:
    """Revoke the link and make a new one; returns its token."""
    with transaction.atomic():
        placed = PlacedOrder.objects.select_for_update(of=("self",)).select_related("order").get(pk=order_id)
        access = new_access(placed.order.number, serial=placed.access_serial + 1)
        PlacedOrder.objects.filter(pk=order_id).update(
            access_serial=F("access_serial") + 1,
            access_token=access.digest,
            access_expires_at=Now() + access.lifetime,
        )
        record_event(
            order_id=order_id, kind="edit", message="The order page has a new link.", reason=reason, actor=actor
        )
    return access.token


def _derive(order_number: str, *, serial: int, key: str) -> str:
    message = f"checkout.orders.access:{order_number}:{serial}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), message, "sha256")).decode().rstrip("=")
