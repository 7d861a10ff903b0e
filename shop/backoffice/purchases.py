"""The buyer's desk: suppliers, purchase orders, and the deliveries that the warehouse takes in."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from unfold.decorators import display

from inventory.purchasing.receiving import receive_delivery
from inventory.purchasing.records import PurchaseLine, PurchaseOrder, ReceiptLine
from shop.backoffice import badges
from shop.backoffice.acts import attempt, see_other
from shop.backoffice.dressing import Desk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.moving import MOVE
from shop.backoffice.purchase_acts import PURCHASE_ACTS
from shop.backoffice.purchase_form import SPARE_ROWS, DeliveryForm, PurchaseForm
from shop.backoffice.purchase_page import present_purchase
from shop.backoffice.row_pages import RowPages


class SupplierDesk(Desk):
    list_display = ("name", "email", "lead_days", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    fields = (("name", "email"), ("lead_days", "is_active"), "note")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Purchase orders name them; one that is not used any more is switched off."""
        return False


class PurchaseDesk(RowPages):
    list_display = ("show_number", "supplier", "location", "show_state", "expected_on", "show_units", "show_came")
    list_filter = (WorkListFilter, "state", "supplier", "location")
    list_select_related = ("supplier", "location")
    search_fields = ("=lines__stock_record__partner_sku", "=receipts__number", "supplier__name")
    search_help_text = "SKU, delivery note or supplier"
    ordering = ("-pk",)
    related = ("supplier", "location")
    acts = PURCHASE_ACTS
    act_prefix = "purchase"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrder]:
        ordered = (
            PurchaseLine.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(n=Sum("quantity"))
        )
        came = ReceiptLine.objects.filter(receipt__order=OuterRef("pk")).order_by().values("receipt__order")
        return (
            super()
            .get_queryset(request)
            .annotate(
                units=Coalesce(Subquery(ordered.values("n"), output_field=IntegerField()), 0),
                came=Coalesce(Subquery(came.annotate(n=Sum("quantity")).values("n"), output_field=IntegerField()), 0),
            )
        )

    @display(description="Number", ordering="pk")
    def show_number(self, order: PurchaseOrder) -> str:
        return order.number

    @display(description="State", ordering="state", label=badges.PURCHASE)
    def show_state(self, order: PurchaseOrder) -> str:
        return order.state

    @display(description="Ordered", ordering="units")
    def show_units(self, order: Any) -> int:
        return order.units

    @display(description="Came", ordering="came")
    def show_came(self, order: Any) -> int:
        return order.came

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft that is not wanted is cancelled."""
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.receive_view)
        return [path("<int:order_id>/receive/", view, name="purchase_receive"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._write(request, None)

    def show_row(self, request: HttpRequest, order: PurchaseOrder) -> HttpResponse:
        if order.state == PurchaseOrder.State.DRAFT and self.has_change_permission(request):
            return self._write(request, order)
        return self._show(request, order, None)

    def receive_view(self, request: HttpRequest, order_id: int) -> HttpResponse:
        """POST from the order's page; a refusal comes back on the same page with what was typed."""
        if not (request.user.has_perm(MOVE) and self.has_view_permission(request)):
            raise PermissionDenied
        order = self.find_row(order_id)
        if request.method != "POST":
            return redirect(self.page_of(order))
        form = DeliveryForm(request.POST, lines=present_purchase(order).open_lines)
        if form.is_valid():
            sentence = attempt(form, lambda: _receive(order, form, request.user))
            if sentence is not None:
                messages.success(request, sentence)
                return see_other(self.page_of(order))
        return self._show(request, order, form)

    def _write(self, request: HttpRequest, order: PurchaseOrder | None) -> HttpResponse:
        act = request.POST.get("act", "")
        form = PurchaseForm(request.POST or None, order=order)
        if request.method == "POST" and act == "more":
            form = PurchaseForm(_with_rows(request.POST, form.row_count + 2 * SPARE_ROWS), order=order)
            form.errors.clear()
        elif request.method == "POST" and form.is_valid():
            sentence = attempt(form, lambda: form.write(order=order, actor=request.user))
            if sentence is not None:
                messages.success(request, sentence)
                return see_other(self.page_of(form.saved))
        return self.show_page(
            request,
            "admin/purchase_form.html",
            title=order.number if order else "New purchase order",
            form=form,
            order=order,
        )

    def _show(self, request: HttpRequest, order: PurchaseOrder, form: DeliveryForm | None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = present_purchase(order)
        is_open = order.state == PurchaseOrder.State.ORDERED
        if form is None and is_open and request.user.has_perm(MOVE):
            form = DeliveryForm(lines=page.open_lines, freight=page.freight_left, duty=page.duty_left)
        return self.show_page(
            request,
            "admin/purchase.html",
            title=order.number,
            page=page,
            form=form,
            rows=[(line, form.field_of(line.line_id) if form else None) for line in page.lines],
            may_write=self.has_change_permission(request),
            is_open=is_open,
            currency=settings.SHOP_CURRENCY,
        )


def _with_rows(data: Any, rows: int) -> Any:
    """What was typed, with room for more."""
    copied = data.copy()
    copied["rows"] = str(rows)
    return copied


def _receive(order: PurchaseOrder, form: DeliveryForm, actor: Any) -> str:
    receipt = receive_delivery(order.pk, form.delivery, actor=actor)
    units = sum(receipt.lines.values_list("quantity", flat=True))
    order.refresh_from_db()
    closed = " Everything has come; the order is closed." if order.state == PurchaseOrder.State.CLOSED else ""
    return f"Delivery {receipt.number}: {units} {'unit is' if units == 1 else 'units are'} on the shelf.{closed}"
