"""Orders prepared for customers: the list, and the page on which one is put together."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from checkout.prepared.preparing import CannotPrepare, Wanted, prepare_order, withdraw
from checkout.prepared.records import PreparedOrder
from checkout.quote.clock import database_now
from checkout.steps.address import AddressForm
from checkout.steps.countries import country_choices
from shop.backoffice.acts import see_other
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.payments import link_to_order
from shop.backoffice.prepare_form import PrepareForm

PREPARE, DISCOUNT = "backoffice.prepare_order", "backoffice.give_discount"


class PreparedOrderDesk(ReadOnlyDesk):
    names_people, order_key = "prepared orders", "draft.order_id"
    list_display = (
        "show_email",
        "show_state",
        "discount_percent",
        "discount_reason",
        "prepared_by",
        "created_at",
        "expires_at",
    )
    list_filter = (("created_at", RangeDateFilter), ("expires_at", RangeDateFilter))
    list_select_related = ("draft__order",)
    search_fields = ("=draft__email", "=draft__order__number")
    search_help_text = "Mail address or order number"
    ordering = ("-pk",)
    fields = (
        "show_email", "show_state", ("discount_percent", "discount_reason"), "prepared_by", ("created_at", "expires_at"),
        "withdrawn_at",
    )  # fmt: skip
    readonly_fields = ("show_email", "show_state")
    actions: Any = ("take_back",)

    @display(description="For")
    def show_email(self, prepared: PreparedOrder) -> str:
        return prepared.draft.email

    @display(description="State")
    def show_state(self, prepared: PreparedOrder) -> str:
        if prepared.draft.order is not None:
            return link_to_order(prepared.draft.order)
        if prepared.withdrawn_at is not None:
            return "withdrawn"
        return "over" if prepared.expires_at <= database_now() else "waits"

    def has_take_back_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PREPARE)

    @action(description="Withdraw the links", permissions=["take_back"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[PreparedOrder]) -> None:
        number = withdraw(list(queryset.values_list("pk", flat=True)), actor=request.user)
        messages.success(request, f"{number} {'link opens' if number == 1 else 'links open'} nothing any more.")

    def get_urls(self) -> list[URLPattern]:
        page = path("new/", self.admin_site.admin_view(self.prepare_view), name="prepare_order")
        return [page, *super().get_urls()]

    def prepare_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks, POST prepares and writes to the customer; the message afterwards holds the link."""
        if not request.user.has_perm(PREPARE):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = PrepareForm(data, may_discount=request.user.has_perm(DISCOUNT))
        has_address = data is not None and bool(data.get("line1", "").strip())
        address = AddressForm(data if has_address else None, countries=country_choices())
        if data is not None and form.is_valid() and (not has_address or address.is_valid()):
            try:
                prepared = prepare_order(_wanted(form, address if has_address else None), actor=request.user)
            except CannotPrepare as refusal:
                form.add_error(None, str(refusal))
            else:
                email = form.cleaned_data["email"]
                messages.success(request, f"Prepared, and {email} gets this link by mail: {prepared.link}")
                return see_other(reverse("admin:checkout_preparedorder_changelist"))
        return self.show_page(request, "admin/prepare_order.html", title="Prepare an order", form=form, address=address)


def _wanted(form: PrepareForm, address: AddressForm | None) -> Wanted:
    data = form.cleaned_data
    return Wanted(
        email=data["email"],
        phone=data["phone"],
        lines=data["lines"],
        address=address.address() if address is not None else None,
        discount_percent=data.get("discount_percent") or Decimal(0),
        reason=data.get("reason", ""),
        days=data["days"],
    )
