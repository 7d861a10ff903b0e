"""The orders of a customer: those placed signed in, and guest orders claimed with a verified address."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from oscar.apps.order.models import Order

from checkout.accounts.models import User
from checkout.orders.timeline import record_event


class AddressNotVerified(Exception):
    """Anybody can type an address; only its owner opens the mailed link."""


def orders_of(user: User) -> QuerySet[Order]:
    """Newest first, with a deterministic tie-break. Nobody else's."""
    return Order.objects.filter(user=user).order_by("-date_placed", "-pk")


def count_claimable(user: User) -> int:
    """Guest orders placed with an address that this user has verified."""
    return _claimable(user).count()


def claim_guest_orders(user: User) -> int:
    """Put the guest orders of the user's verified addresses into their account; how many.

    Raises AddressNotVerified when no address is verified yet.
    """
    if not _verified_addresses(user):
        raise AddressNotVerified("Please confirm your e-mail address first: we have sent you a link.")
    with transaction.atomic():
        found = list(_claimable(user).select_for_update(of=("self",), no_key=True).order_by("pk"))
        for order in found:
            Order.objects.filter(pk=order.pk).update(user=user)
            record_event(
                order_id=order.pk,
                kind="edit",
                message="The order was put into the customer's account.",
                actor=user,
                reason="The customer has verified the order's address.",
            )
    return len(found)


def _verified_addresses(user: User) -> list[str]:
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def _claimable(user: User) -> QuerySet[Order]:
    addresses = [address.lower() for address in _verified_addresses(user)]
    return Order.objects.filter(user=None).extra(where=["lower(guest_email) = ANY(%s)"], params=[addresses])


def present_row(order: Order, *, url: str) -> dict[str, Any]:
    """A row of templates/account/orders.html."""
    kinds = {"paid": "success", "partly shipped": "success", "shipped": "success", "pending payment": "warning"}
    return {
        "number": order.number,
        "placed_at": order.date_placed,
        "url": url,
        "total": order.total_incl_tax,
        "currency": order.currency,
        "state": order.status,
        "kind": kinds.get(order.status, ""),
    }
