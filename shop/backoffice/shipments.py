"""The packing table: what is to ship, the pick list, the dispatch page, the packing slip."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from checkout.orders.looking import note_look
from shipping.fulfilment.contents import RELATED, WRITTEN
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.picking import mark_picked
from shop.backoffice import badges
from shop.backoffice.acts import attempt, see_other
from shop.backoffice.dispatch_form import DispatchForm
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.row_pages import RowPages
from shop.backoffice.shipment_pages import present_pick_list, present_shipment, read_ids

PICK = "backoffice.pick_shipment"
DISPATCH = "backoffice.dispatch_shipment"


class ShipmentDesk(ReadOnlyDesk, RowPages):
    name = "Shipments"
    names_people, order_key = "shipments", "order_id"
    list_display = (
        "number",
        "show_order",
        "show_customer",
        "location",
        "show_units",
        "show_picked",
        "show_state",
        "created_at",
    )
    list_filter = (WorkListFilter, "state", "location", ("created_at", RangeDateFilter))
    list_select_related = ("order__shipping_address", "location")
    search_fields = ("=number", "=order__number", "=tracking_number")
    search_help_text = "Shipment, order or tracking number"
    ordering = ("created_at", "pk")
    actions = ("print_pick_list", "note_picked")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shipment]:
        return super().get_queryset(request).annotate(units=Sum("lines__quantity"))

    @display(description="Order", ordering="order__number")
    def show_order(self, shipment: Shipment) -> str:
        return shipment.order.number

    @display(description="To")
    def show_customer(self, shipment: Shipment) -> str:
        address = shipment.order.shipping_address
        return f"{address.first_name} {address.last_name}, {address.country_id}" if address else ""

    @display(description="Units", ordering="units")
    def show_units(self, shipment: Any) -> int:
        return shipment.units or 0

    @display(description="Picked", ordering="picked_at")
    def show_picked(self, shipment: Shipment) -> str:
        return (
            date_format(timezone.localtime(shipment.picked_at), "SHORT_DATETIME_FORMAT") if shipment.picked_at else ""
        )

    @display(description="State", ordering="state", label=badges.SHIPMENT)
    def show_state(self, shipment: Shipment) -> str:
        return shipment.state

    def has_pick_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PICK)

    @action(description="Print the pick list", permissions=["pick"])
    def print_pick_list(self, request: HttpRequest, queryset: QuerySet[Shipment]) -> HttpResponse:
        ids = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True)[:500])
        return redirect(f"{reverse('admin:shipment_pick_list')}?ids={ids}")

    @action(description="Mark as picked", permissions=["pick"])
    def note_picked(self, request: HttpRequest, queryset: QuerySet[Shipment]) -> None:
        number = mark_picked(list(queryset.values_list("pk", flat=True)))
        messages.success(request, f"{number} {'shipment is' if number == 1 else 'shipments are'} marked as picked.")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("pick-list/", guard(self.pick_list_view), name="shipment_pick_list"),
            path("<int:shipment_id>/slip/", guard(self.slip_view), name="shipment_slip"),
            path("<int:shipment_id>/dispatch/", guard(self.dispatch_view), name="shipment_dispatch"),
            *super().get_urls(),
        ]

    def pick_list_view(self, request: HttpRequest) -> HttpResponse:
        """`?ids=1,2,3`; without ids everything that is open, oldest first. POST marks it as picked."""
        if not request.user.has_perm(PICK):
            raise PermissionDenied
        wanted = read_ids(request.GET.get("ids", ""))
        page = present_pick_list(wanted)
        if request.method == "POST":
            number = mark_picked(page.shipment_ids)
            messages.success(request, f"{number} {'shipment is' if number == 1 else 'shipments are'} marked as picked.")
            return see_other(f"{reverse('admin:fulfilment_shipment_changelist')}?list=to-ship")
        return self.show_page(request, "admin/pick_list.html", title="Pick list", page=page)

    def slip_view(self, request: HttpRequest, shipment_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        shipment = self.find_row(shipment_id)
        note_look(shipment.order_id, what="the packing slip", why="To pack a parcel.", actor=request.user)
        return self.show_page(
            request, "admin/slip.html", title=f"Packing slip {shipment.number}", page=present_shipment(shipment)
        )

    def show_row(self, request: HttpRequest, shipment: Shipment) -> HttpResponse:
        return self._show(request, shipment, None)

    def dispatch_view(self, request: HttpRequest, shipment_id: int) -> HttpResponse:
        """POST from the shipment's page; a refusal comes back on the same page with what was typed."""
        if not request.user.has_perm(DISPATCH):
            raise PermissionDenied
        shipment = self.find_row(shipment_id)
        page = self.page_of(shipment)
        if request.method != "POST":
            return redirect(page)
        form = DispatchForm(request.POST, shipment=shipment)
        if form.is_valid():
            sentence = attempt(form, lambda: form.dispatch(actor=request.user))
            if sentence is not None:
                messages.success(request, sentence)
                return see_other(page)
        return self._show(request, shipment, form)

    def _show(self, request: HttpRequest, shipment: Shipment, form: DispatchForm | None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        note_look(shipment.order_id, what="the parcel's address", why="To send a parcel.", actor=request.user)
        may_dispatch = shipment.state == Shipment.State.OPEN and request.user.has_perm(DISPATCH)
        return self.show_page(
            request,
            "admin/shipment.html",
            title=f"Shipment {shipment.number}",
            page=present_shipment(shipment),
            form=form or (DispatchForm(shipment=shipment) if may_dispatch else None),
            can_pick=shipment.state == Shipment.State.OPEN and request.user.has_perm(PICK),
        )

    def rows(self) -> QuerySet[Shipment]:
        found = Shipment.objects.select_related("order__shipping_address__country", "location")
        return found.prefetch_related(*(f"lines__{name}" for name in (*RELATED, WRITTEN)))
