"""Each kind of page a shopper meets, with what it needs to be seen: things in the basket, an order, an account."""

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Now
from django.test import Client
from oscar.apps.order.models import Line

from checkout.accounts.models import User
from checkout.models import PlacedOrder
from checkout.orders.access import order_path, token_of
from tests.shopfloor import make_order
from tests.storefront.conftest import SmallShop


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`press` names a button to press first: the page that answers is the one that is looked at."""

    name: str
    address: str
    press: str = ""
    is_signed_in: bool = False


@dataclass(frozen=True, slots=True)
class Cookies:
    """As a browser takes them."""

    guest: list[dict[str, Any]]
    customer: list[dict[str, Any]]


def prepare_visits(shop: SmallShop, *, url: str) -> tuple[list[Visit], Cookies]:
    guest, customer = Client(), Client()
    for one in shop.lamps[:2]:
        guest.post(f"/basket/add/{one.pk}/", {"quantity": "1"})
        guest.post(f"/wishlist/add/{one.pk}/")
    user = User.objects.create_user(email="ines@example.com", password="calm-lamp-42", first_name="Ines")
    order = make_order(shop.lamps[2], owner=user)
    PlacedOrder.objects.filter(order=order).update(paid_at=Now())
    customer.force_login(user)
    page, line = order_path(token_of(order.pk)), Line.objects.get(order=order)
    first, second = (one.pk for one in shop.lamps[:2])
    sold_out = shop.children["Clay", "Small"].pk
    visits = [
        Visit(name="Home", address="/"),
        Visit(name="Category with a filter", address="/c/living/lamps/?colour=Sage"),
        Visit(name="Search", address="/search/?q=lamp"),
        Visit(name="Search without a result", address="/search/?q=zzzzzz"),
        Visit(name="Product", address="/p/cushion/?colour=Sage&size=Large"),
        Visit(name="Product that is sold out", address="/p/cushion/?colour=Clay&size=Small"),
        Visit(name="Reviews of a product", address="/p/cushion/reviews/"),
        Visit(name="Brand", address="/brand/seeberg/"),
        Visit(name="Comparison", address=f"/compare/?id={first}&id={second}"),
        Visit(name="Page of words", address="/info/delivery/"),
        Visit(name="Accessibility statement", address="/accessibility/"),
        Visit(name="Address that is gone", address="/nothing/lamp/"),
        Visit(name="Basket", address="/basket/"),
        Visit(name="Wish list", address="/wishlist/"),
        Visit(name="Checkout", address="/checkout/"),
        Visit(
            name="Mail when it is back, with an error",
            address=f"/alerts/ask/{shop.cushion.pk}/?variant={sold_out}&kind=back",
            press="Tell me when it is back",
        ),
        Visit(name="Order", address=page),
        Visit(name="Writing a review, with errors", address=f"{page}review/{line.pk}/", press="Send the review"),
        Visit(name="Sign in", address="/account/login/"),
        Visit(name="Make an account", address="/account/signup/"),
        Visit(name="Account", address="/account/", is_signed_in=True),
    ]
    return visits, Cookies(guest=_carry(guest, url), customer=_carry(customer, url))


def _carry(client: Client, url: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "value": morsel.value, "url": url}
        for name, morsel in client.cookies.items()
        if morsel.value and name != "messages"
    ]
