"""The stock room: levels with counts and receipts, the ledger, locations, reservations."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from inventory.models import Reservation, StockLevel, StockMovement
from inventory.purchasing.expected import read_expected, units_expected
from shop.backoffice.dressing import Desk, ReadOnlyDesk
from shop.backoffice.exporting import stream_csv
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.moving import MOVE, MovesStock
from shop.backoffice.row_pages import RowPages
from shop.backoffice.stock_acts import STOCK_ACTS

EXPORT = "backoffice.export_data"
LARGEST_EXPORT = 200_000


class StockLevelDesk(MovesStock, ReadOnlyDesk, RowPages):
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
    related = ("stock_record__product__parent", "location")
    acts = STOCK_ACTS
    act_prefix = "stock"

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

    @action(description="Count", permissions=["move"], url_path="count")
    def count_row(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return self.act_view(request, object_id, "count")

    @action(description="Receive", permissions=["move"], url_path="receive")
    def receive_row(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return self.act_view(request, object_id, "receive")

    def show_row(self, request: HttpRequest, level: StockLevel) -> HttpResponse:
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
