"""The orders desk: the list, and the page of one order with its acts."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from oscar.apps.order.models import Order
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from checkout.orders.looking import note_look
from checkout.payments.records import PaymentAttempt
from shipping.fulfilment.models import Shipment
from shop.backoffice import badges
from shop.backoffice.acts import show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import CountryFilter, OrderStateFilter, WorkListFilter
from shop.backoffice.finding import find_orders
from shop.backoffice.order_acts import ACTS, acts_for
from shop.backoffice.order_page import present_order_page
from shop.backoffice.row_pages import read_key
from shop.money import format_money


class OrderDesk(ReadOnlyDesk):
    names_people, order_key = "orders", "pk"
    list_display = (
        "show_number",
        "date_placed",
        "show_customer",
        "show_total",
        "show_state",
        "show_money",
        "show_parcels",
    )
    list_filter = (WorkListFilter, OrderStateFilter, ("date_placed", RangeDateFilter), CountryFilter)
    list_select_related = ("user", "shipping_address", "billing_address")
    search_fields = ("number",)
    search_help_text = "Number, e-mail, SKU or tracking number"
    ordering = ("-date_placed", "-pk")
    show_facets = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        payments = PaymentAttempt.objects.order_by("-pk")
        parcels = Shipment.objects.order_by("pk")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch("payment_attempts", queryset=payments, to_attr="payments_found"),
                Prefetch("shipments", queryset=parcels, to_attr="parcels_found"),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        return (find_orders(queryset, search_term) if search_term.strip() else queryset), False

    @display(description="Order", ordering="number")
    def show_number(self, order: Order) -> str:
        return order.number

    @display(description="Customer")
    def show_customer(self, order: Order) -> str:
        address = order.shipping_address or order.billing_address
        name = f"{address.first_name} {address.last_name}".strip() if address else ""
        return name or order.guest_email or (order.user.email if order.user else "")

    @display(description="Total", ordering="total_incl_tax")
    def show_total(self, order: Order) -> str:
        return format_money(order.total_incl_tax, order.currency)

    @display(description="State", ordering="status", label=badges.ORDER)
    def show_state(self, order: Order) -> str:
        return order.status

    @display(description="Payment", label=badges.PAYMENT)
    def show_money(self, order: Order) -> str:
        return order.payments_found[0].state if order.payments_found else "none"

    @display(description="Parcels")
    def show_parcels(self, order: Order) -> str:
        waiting = sum(1 for parcel in order.parcels_found if parcel.state == Shipment.State.OPEN)
        left = sum(1 for parcel in order.parcels_found if parcel.state == Shipment.State.DISPATCHED)
        return ", ".join(
            words for words in (f"{waiting} to ship" * bool(waiting), f"{left} sent" * bool(left)) if words
        )

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(self.act_view)
        own = [path(f"<int:order_id>/{name}/", act, {"name": name}, name=f"order_{name}") for name in ACTS]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        order = get_object_or_404(
            Order.objects.select_related("user", "shipping_address__country", "billing_address__country"),
            pk=read_key(object_id),
        )
        note_look(order.pk, what="the order's page", why="To handle the order.", actor=request.user)
        return self.show_page(
            request,
            "admin/order.html",
            title=f"Order {order.number}",
            page=present_order_page(order),
            acts=acts_for(order, request.user),
        )

    def act_view(self, request: HttpRequest, order_id: int, name: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        order = get_object_or_404(Order.objects.select_related("user"), pk=order_id)
        note_look(order.pk, what="the order's page", why="To handle the order.", actor=request.user)
        back = reverse("admin:order_order_change", args=(order.pk,))
        act = ACTS[name].build(order, request.user, back)
        return show_act(request, self, replace(act, action=name, subject=("order", order.pk)))
