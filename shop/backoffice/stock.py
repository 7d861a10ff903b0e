"""The stock room: levels with counts and receipts, the ledger, locations, reservations."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from inventory.models import Reservation, StockLevel, StockMovement
from inventory.purchasing.expected import read_expected, units_expected
from shop.backoffice.acts import show_act
from shop.backoffice.dressing import Desk, ReadOnlyDesk
from shop.backoffice.exporting import stream_csv
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.stock_acts import STOCK_ACTS

MOVE = "backoffice.move_stock"
EXPORT = "backoffice.export_data"
LARGEST_EXPORT = 200_000


class StockLevelDesk(ReadOnlyDesk):
    list_display = (
        "show_sku",
        "show_title",
        "location",
        "on_hand",
        "allocated",
        "buffer",
        "show_free",
        "show_expected",
    )
    list_filter = (WorkListFilter, "location")
    list_select_related = ("stock_record__product__parent", "location")
    search_fields = ("=stock_record__partner_sku", "stock_record__product__title__istartswith")
    search_help_text = "SKU, or how the title begins"
    ordering = ("stock_record__partner_sku", "location__priority", "pk")
    actions_row = ("count_row", "receive_row")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockLevel]:
        free = F("on_hand") - F("allocated") - F("buffer")
        return super().get_queryset(request).annotate(free=free, expected=units_expected())

    @display(description="SKU", ordering="stock_record__partner_sku")
    def show_sku(self, level: StockLevel) -> str:
        return level.stock_record.partner_sku

    @display(description="Product", ordering="stock_record__product__title")
    def show_title(self, level: StockLevel) -> str:
        return level.stock_record.product.get_title()

    @display(description="Free", ordering="free")
    def show_free(self, level: Any) -> int:
        return max(level.free, 0)

    @display(description="On order", ordering="expected")
    def show_expected(self, level: Any) -> int:
        return level.expected

    def has_move_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MOVE)

    @action(description="Count", permissions=["move"], url_path="count")
    def count_row(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._act(request, object_id, "count")

    @action(description="Receive", permissions=["move"], url_path="receive")
    def receive_row(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._act(request, object_id, "receive")

    def get_urls(self) -> list[URLPattern]:
        write_off = path(
            "<int:object_id>/write-off/", self.admin_site.admin_view(self.write_off_view), name="stock_write_off"
        )
        return [write_off, *super().get_urls()]

    def write_off_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._act(request, object_id, "write-off")

    def _act(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        level = get_object_or_404(
            StockLevel.objects.select_related("stock_record__product__parent", "location"), pk=object_id
        )
        back = reverse("admin:inventory_stocklevel_change", args=(level.pk,))
        return show_act(request, self, STOCK_ACTS[name](level, request.user, back))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        level = get_object_or_404(
            StockLevel.objects.select_related("stock_record__product__parent", "location"),
            pk=object_id if object_id.isdecimal() else 0,
        )
        movements = StockMovement.objects.filter(stock_record=level.stock_record_id, location=level.location_id)
        return self.show_page(
            request,
            "admin/stock_level.html",
            title=f"{level.stock_record.partner_sku} at {level.location}",
            level=level,
            free=max(level.on_hand - level.allocated - level.buffer, 0),
            movements=movements.order_by("-pk")[:50],
            expected=read_expected([level.stock_record_id]).get(level.stock_record_id, []),
            may_move=request.user.has_perm(MOVE),
        )


class MovementDesk(ReadOnlyDesk):
    name = "Stock ledger"
    list_display = (
        "created_at",
        "show_sku",
        "location",
        "kind",
        "quantity_delta",
        "on_hand_after",
        "reason",
        "reference",
        "actor_name",
    )
    list_display_links = None
    list_filter = ("kind", "location", ("created_at", RangeDateFilter))
    list_select_related = ("stock_record", "location")
    search_fields = ("=stock_record__partner_sku", "=reference", "=actor_name")
    search_help_text = "SKU, reference or person"
    ordering = ("-pk",)
    actions_list = ("export_csv",)

    @display(description="SKU", ordering="stock_record__partner_sku")
    def show_sku(self, movement: StockMovement) -> str:
        return movement.stock_record.partner_sku

    def has_export_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(EXPORT)

    @action(description="Export as CSV", permissions=["view", "export"], url_path="export", icon="download")
    def export_csv(self, request: HttpRequest) -> HttpResponseBase:
        """The list as it is filtered now, newest first."""
        found = self.get_changelist_instance(request).get_queryset(request)[:LARGEST_EXPORT]
        rows = (
            (
                one.created_at.isoformat(timespec="seconds"),
                one.stock_record.partner_sku,
                one.location.code,
                one.kind,
                one.quantity_delta,
                one.on_hand_after,
                one.reason,
                one.reference,
                one.actor_name,
            )
            for one in found.iterator(chunk_size=2000)
        )
        header = ("time", "sku", "location", "kind", "change", "on hand after", "reason", "reference", "person")
        return stream_csv("stock-ledger", header=header, rows=rows)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A movement has no more to show than its line."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:inventory_stockmovement_changelist")


class LocationDesk(Desk):
    list_display = ("name", "code", "priority", "city", "country", "is_pickup_point", "is_active")
    list_filter = ("is_active", "is_pickup_point")
    search_fields = ("name", "code", "city")
    fields = (("name", "code"), ("priority", "is_active", "is_pickup_point"), "line1", ("postcode", "city", "country"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Files and movements name a location by its code, so it stays."""
        return ("code",) if obj is not None else ()


class ReservationDesk(ReadOnlyDesk):
    list_display = ("claim", "show_sku", "quantity", "created_at", "expires_at", "released_at")
    list_filter = (("created_at", RangeDateFilter), ("released_at", RangeDateFilter))
    list_select_related = ("stock_record",)
    search_fields = ("=claim", "=stock_record__partner_sku")
    search_help_text = "Claim (order:1042) or SKU"
    ordering = ("-pk",)

    @display(description="SKU")
    def show_sku(self, reservation: Reservation) -> str:
        return reservation.stock_record.partner_sku
