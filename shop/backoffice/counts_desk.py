"""Count sheets: made for a location or a shelf, counted blind on phone or paper, looked at, posted."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from inventory.counting import Counted, count_lines, open_sheet
from inventory.models import CountSheet
from shop.backoffice.acts import Act, PlainForm, attempt, see_other, show_act
from shop.backoffice.count_acts import COUNT_ACTS
from shop.backoffice.count_files import HEADER, sheet_rows
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.exporting import stream_csv
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.moving import MOVE, MovesStock, find_stock_records, location_choices
from shop.backoffice.refusal import Refused
from shop.backoffice.row_pages import RowPages

ROWS = 100


class SheetForm(PlainForm):
    name = forms.CharField(
        max_length=120, widget=UnfoldAdminTextInputWidget, help_text="The shelf or the occasion: Shelf A, New Year."
    )
    location = forms.ChoiceField(choices=location_choices, widget=UnfoldAdminSelectWidget)
    skus = forms.CharField(
        label="SKUs",
        required=False,
        max_length=100_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="One a line. Empty: everything that has ever been at the location.",
    )


class EntryForm(forms.Form):
    """One count, of a line or of a SKU that was scanned."""

    line = forms.IntegerField(required=False)
    sku = forms.CharField(label="SKU", required=False, max_length=128)
    units = forms.IntegerField(label="Units", min_value=0, error_messages={"required": "Enter how many lie there."})


class CountSheetDesk(MovesStock, ReadOnlyDesk, RowPages):
    list_display = ("name", "location", "state", "show_progress", "created_by", "created_at")
    list_filter = (WorkListFilter, "state", "location")
    list_select_related = ("location",)
    search_fields = ("name__istartswith",)
    search_help_text = "How the name begins"
    ordering = ("-pk",)
    actions_list = ("new_sheet",)
    related = ("location",)
    acts = COUNT_ACTS
    act_prefix = "count_sheet"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CountSheet]:
        counted = Count("lines", filter=Q(lines__counted__isnull=False))
        return super().get_queryset(request).annotate(all_lines=Count("lines"), counted_lines=counted)

    @display(description="Counted")
    def show_progress(self, sheet: Any) -> str:
        return f"{sheet.counted_lines} of {sheet.all_lines}"

    @action(description="New count sheet", permissions=["move"], url_path="new-sheet", icon="add")
    def new_sheet(self, request: HttpRequest) -> HttpResponse:
        def do(data: Mapping[str, Any]) -> str:
            sheet = open_sheet(
                location_code=data["location"],
                name=data["name"],
                stock_record_ids=_read_skus(data["skus"]),
                actor_name=str(request.user),
                key=f"desk:{data['key']}",
            )
            return f"{sheet} is ready: {sheet.lines.count()} SKUs to count."

        act = Act(
            title="New count sheet",
            permission=MOVE,
            sentences=[
                "The shop goes on selling while you count. Each line is compared with the ledger at the moment it is"
                " counted; whoever counts does not see what is expected.",
            ],
            button="Make the sheet",
            form=SheetForm,
            do=do,
            back=reverse("admin:inventory_countsheet_changelist"),
            action="open count sheet",
            subject=("countsheet", "new"),
        )
        return show_act(request, self, act)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:object_id>/file/", view, name="count_sheet_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """The sheet as CSV, to fill in or to print."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        sheet = self.find_row(object_id)
        return stream_csv(f"count-sheet-{sheet.pk}", header=HEADER, rows=sheet_rows(sheet))

    def show_row(self, request: HttpRequest, sheet: CountSheet) -> HttpResponse:
        """POST writes one count down. What is expected is shown when the counting is finished."""
        may_move = request.user.has_perm(MOVE)
        form = EntryForm(request.POST or None)
        if request.method == "POST":
            if not may_move:
                raise PermissionDenied
            if form.is_valid() and attempt(form, lambda: _enter(sheet, form.cleaned_data, request.user)) is not None:
                return see_other(request.get_full_path())
        left = sheet.lines.filter(counted__isnull=True).count()
        is_blind = sheet.state == CountSheet.State.OPEN
        lines = sheet.lines.select_related("stock_record__product__parent")
        if is_blind and "left" in request.GET:
            lines = lines.filter(counted__isnull=True)
        page = Paginator(lines.order_by("pk"), ROWS).get_page(request.GET.get("page"))
        return self.show_page(
            request,
            "admin/count_sheet.html",
            title=str(sheet),
            sheet=sheet,
            page=page,
            form=form,
            total=sheet.lines.count(),
            left=left,
            is_blind=is_blind,
            only_left="left" in request.GET,
            may_move=may_move,
            may_post=may_move and sheet.state == CountSheet.State.REVIEWED,
        )


def _enter(sheet: CountSheet, data: Mapping[str, Any], actor: Any) -> str:
    lines = (
        sheet.lines.filter(pk=data["line"])
        if data["line"]
        else sheet.lines.filter(stock_record__partner_sku=data["sku"].strip())
    )
    line = lines.first()
    if line is None:
        raise Refused(f"SKU {data['sku']!r} is not on this sheet.")
    count_lines(sheet.pk, [Counted(line.pk, data["units"])], actor_name=str(actor))
    return "counted"


def _read_skus(text: str) -> list[int]:
    """One a line. Raises Refused for SKUs that do not exist."""
    wanted = dict.fromkeys(sku.strip() for sku in text.splitlines() if sku.strip())
    return list(find_stock_records(wanted).values())
