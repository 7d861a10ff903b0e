"""Who tries to pay: the place they come from and the account they are signed in to. Addresses only as keyed hashes."""

import hmac
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from oscar.apps.order.models import Order

from shop.client_network import client_address, is_shoppers, network_of


@dataclass(frozen=True, slots=True)
class Visitor:
    """`net` is the hash of a network, "" when the address is none that a shopper has. `is_hasty`: faster than reading."""

    net: str = ""
    customer_id: int | None = None
    is_hasty: bool = False


def visitor_of(request: HttpRequest, *, is_hasty: bool = False) -> Visitor:
    address = client_address(request)
    return Visitor(
        net=hash_of("net", network_of(address)) if is_shoppers(address) else "",
        customer_id=request.user.pk if request.user.is_authenticated else None,
        is_hasty=is_hasty,
    )


def mail_of(order: Order) -> str:
    """The hash of the address that the order's mails go to."""
    return hash_of("mail", (order.guest_email or (order.user.email if order.user else "")).lower())


def hash_of(kind: str, value: str) -> str:
    """32 hex digits under the shop's key: the same place is recognised, and nobody can read which it is."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"shield:{kind}:{value}".encode(), "sha256").hex()[:32]
