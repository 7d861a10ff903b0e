"""Find an order by what a person has at hand: its number, an address, a SKU, a tracking number."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.http import HttpRequest
from django.urls import reverse
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Line, Order
from oscar.apps.partner.models import StockRecord
from unfold.dataclasses import SearchResult

from checkout.accounts.models import User
from checkout.orders.looking import note_list
from shipping.fulfilment.models import Shipment

SHORTEST = 3
MOST = 8


def find_orders(orders: QuerySet[Order], term: str) -> QuerySet[Order]:
    """Orders that a term means. Each way is answered by an index of its own; none reads the whole table."""
    wanted = term.strip()
    if not wanted or "\x00" in wanted:
        return orders.none()
    ways = Q(number=wanted.upper())
    if "@" in wanted:
        ways |= Q(pk__in=_by_address(wanted))
    else:
        ways |= Q(pk__in=Line.objects.filter(partner_sku__in=(wanted, wanted.upper())).values("order_id"))
        ways |= Q(pk__in=Shipment.objects.filter(tracking_number=wanted).values("order_id"))
        ways |= Q(pk__in=Shipment.objects.filter(number=wanted.upper()).values("order_id"))
        if len(wanted) >= SHORTEST:
            ways |= Q(pk__in=_by_address(wanted))
    return orders.filter(ways)


def _by_address(start: str) -> QuerySet[Any]:
    """Orders of guests and of customers whose e-mail address begins so."""
    guests = Order.objects.annotate(address=Lower("guest_email")).filter(address__startswith=start.lower()).order_by()
    customers = User.objects.annotate(address=Lower("email")).filter(address__startswith=start.lower())
    owned = Order.objects.filter(user_id__in=customers.values("pk")).order_by()
    return guests.values("pk").union(owned.values("pk"))


def find_products(products: QuerySet[Product], term: str) -> QuerySet[Product]:
    """By SKU exactly, by a piece of the title otherwise; variants lead to their parent."""
    wanted = term.strip()
    if not wanted or "\x00" in wanted:
        return products.none()
    records = StockRecord.objects.filter(partner_sku__in=(wanted, wanted.upper()))
    owners = Product.objects.filter(stockrecords__in=records).annotate(listed=Coalesce("parent_id", "pk"))
    return products.filter(Q(pk__in=owners.values("listed")) | Q(title__icontains=wanted))


def find_anything(request: HttpRequest, term: str) -> list[SearchResult]:
    """The one search box: orders, products by SKU, customers; only what this person may open."""
    if len(term.strip()) < SHORTEST:
        return []
    user = request.user
    orders = find_orders(Order.objects.order_by("-date_placed", "-pk"), term)[:MOST]
    people = User.objects.annotate(address=Lower("email")).filter(address__startswith=term.lower()).order_by("email")
    shown_orders = list(orders) if user.has_perm("order.view_order") else []
    shown_people = list(people[:MOST]) if user.has_perm("accounts.view_user") else []
    _note_people(shown_orders, shown_people, term=term, actor=user)
    products = _products(term) if user.has_perm("catalogue.view_product") else []
    return [*map(_order, shown_orders), *products, *map(_person, shown_people)]


def _note_people(orders: Sequence[Order], people: Sequence[User], *, term: str, actor: Any) -> None:
    said = {"asked": {"q": term[:200]}, "why": "To find something by the search box.", "actor": actor}
    ids = [order.pk for order in orders]
    note_list("search for orders", rows=ids, orders=ids, **said)
    note_list("search for customers", rows=[person.pk for person in people], orders=[], **said)


def _order(order: Order) -> SearchResult:
    return SearchResult(
        title=f"Order {order.number}",
        description=f"{order.status}, {order.total_incl_tax} {order.currency}, {order.guest_email}",
        link=reverse("admin:order_order_change", args=(order.pk,)),
        icon="receipt_long",
    )


def _person(person: User) -> SearchResult:
    return SearchResult(
        title=person.email,
        description="Customer" if not person.is_staff else "Staff",
        link=reverse("admin:accounts_user_change", args=(person.pk,)),
        icon="person",
    )


def _products(term: str) -> list[SearchResult]:
    records = StockRecord.objects.filter(partner_sku__in=(term, term.upper())).select_related("product__parent")
    return [
        SearchResult(
            title=record.product.get_title(),
            description=record.partner_sku,
            link=reverse("admin:catalogue_product_change", args=(record.product.parent_id or record.product_id,)),
            icon="sell",
        )
        for record in records[:MOST]
    ]
