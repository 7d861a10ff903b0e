"""Transfers: what travels between locations, from the list of what to send to the last unit that arrived."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from inventory.models import Transfer
from inventory.transfers import draft_transfer
from shop.backoffice.acts import Act, PlainForm, show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.moving import MOVE, MovesStock, find_stock_records, location_choices
from shop.backoffice.refusal import Refused
from shop.backoffice.row_pages import RowPages
from shop.backoffice.transfer_acts import TRANSFER_ACTS


class TransferForm(PlainForm):
    origin = forms.ChoiceField(label="From", choices=location_choices, widget=UnfoldAdminSelectWidget)
    destination = forms.ChoiceField(label="To", choices=location_choices, widget=UnfoldAdminSelectWidget)
    lines = forms.CharField(
        label="What",
        max_length=50_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One SKU a line, with the units behind it: MU-EVERYDAY-SKY 12",
    )
    note = forms.CharField(required=False, max_length=250, widget=UnfoldAdminTextInputWidget)


class TransferDesk(MovesStock, ReadOnlyDesk, RowPages):
    list_display = ("__str__", "origin", "destination", "state", "show_units", "show_on_the_way", "note", "created_at")
    list_filter = (WorkListFilter, "state", "origin", "destination")
    list_select_related = ("origin", "destination")
    search_fields = ("=pk", "note__istartswith", "=lines__stock_record__partner_sku")
    search_help_text = "Number, SKU, or how the note begins"
    ordering = ("-pk",)
    actions_list = ("new_transfer",)
    related = ("origin", "destination")
    acts = TRANSFER_ACTS
    act_prefix = "transfer"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        open_units = Sum(F("lines__quantity") - F("lines__received") - F("lines__missing"))
        found = super().get_queryset(request)
        return found.annotate(units=Coalesce(Sum("lines__quantity"), 0), open_units=Coalesce(open_units, 0))

    @display(description="Units")
    def show_units(self, transfer: Any) -> int:
        return transfer.units

    @display(description="On the way")
    def show_on_the_way(self, transfer: Any) -> int:
        return transfer.open_units if transfer.state == Transfer.State.IN_TRANSIT else 0

    @action(description="New transfer", permissions=["move"], url_path="new-transfer", icon="add")
    def new_transfer(self, request: HttpRequest) -> HttpResponse:
        def do(data: Mapping[str, Any]) -> str:
            transfer = draft_transfer(
                origin_code=data["origin"],
                destination_code=data["destination"],
                quantities=_read_lines(data["lines"]),
                note=data["note"],
                actor_name=str(request.user),
                key=f"desk:{data['key']}",
            )
            return f"{transfer} is written down. Nothing has moved yet: send it when it leaves."

        act = Act(
            title="New transfer",
            permission=MOVE,
            sentences=[
                "Units that have been sent are on neither shelf until they are received: nobody can sell them.",
            ],
            button="Write it down",
            form=TransferForm,
            do=do,
            back=reverse("admin:inventory_transfer_changelist"),
            action="draft transfer",
            subject=("transfer", "new"),
        )
        return show_act(request, self, act)

    def show_row(self, request: HttpRequest, transfer: Transfer) -> HttpResponse:
        lines = list(transfer.lines.select_related("stock_record__product__parent").order_by("pk"))
        return self.show_page(
            request,
            "admin/transfer.html",
            title=str(transfer),
            transfer=transfer,
            lines=lines,
            on_the_way=sum(line.in_transit for line in lines) if transfer.state == Transfer.State.IN_TRANSIT else 0,
            may_move=request.user.has_perm(MOVE),
        )


def _read_lines(text: str) -> dict[int, int]:
    """Units by stock record; a SKU named twice is summed. Raises Refused, naming the line."""
    wanted: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace(";", " ").replace(",", " ").split()
        if not words:
            continue
        sku, units = " ".join(words[:-1]), words[-1]
        if not sku or not (units.isascii() and units.isdigit() and 0 < len(units) < 8):
            raise Refused(f"Line {number}: write a SKU and a number of units, as MU-1 12, not {line.strip()[:60]!r}.")
        wanted[sku] = wanted.get(sku, 0) + int(units)
    return {pk: wanted[sku] for sku, pk in find_stock_records(wanted).items()}
