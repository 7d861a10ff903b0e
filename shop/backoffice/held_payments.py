"""Orders whose payment was slowed down because of too many refused cards; and the button that lets one through."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from checkout.shield.records import HeldPayment
from checkout.shield.releasing import release_payments
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.payments import link_to_order


class HeldPaymentDesk(ReadOnlyDesk):
    list_display = ("show_order", "why", "times", "last_at", "until", "proven_at", "released_at", "released_by")
    list_display_links = None
    list_filter = (WorkListFilter, "why", ("last_at", RangeDateFilter))
    list_select_related = ("order",)
    search_fields = ("=order__number",)
    search_help_text = "Order number"
    ordering = ("-last_at", "-pk")
    fields = ("show_order", "why", "times", ("first_at", "last_at", "until"), "proven_at", "released_at", "released_by")
    readonly_fields = ("show_order",)
    actions: Any = ("release",)

    @display(description="Order", ordering="order__number")
    def show_order(self, held: HeldPayment) -> str:
        return link_to_order(held.order)

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("backoffice.release_payment")

    @action(description="Let these be paid", permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[HeldPayment]) -> None:
        number = release_payments(list(queryset.values_list("pk", flat=True)), actor=request.user)
        messages.success(request, f"{number} {'order' if number == 1 else 'orders'} may be paid without more ado.")
