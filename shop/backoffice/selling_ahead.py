"""What is sold before it is there: how much of it, for which day, and who waits."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from inventory.availability import open_backorders, units_waiting
from inventory.backorder_policy import set_policy, shop_today
from inventory.models import BackorderPolicy
from inventory.promises import write_day
from shop.backoffice.acts import Act, ReasonForm, show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.moving import MOVE, MovesStock, find_stock_records
from shop.backoffice.row_pages import RowPages


class DayInput(UnfoldAdminTextInputWidget):
    input_type = "date"


class PolicyForm(ReasonForm):
    kind = forms.ChoiceField(label="How", choices=BackorderPolicy.Kind.choices, widget=UnfoldAdminSelectWidget)
    cap = forms.IntegerField(
        label="At most",
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
        help_text="Units that may wait at one time. It is kept under any number of buyers at once.",
    )
    promised_on = forms.DateField(
        label="Sent from",
        widget=DayInput,
        help_text="Shoppers read this day on the product, in the basket and in mails.",
    )
    field_order = ("sku", "kind", "cap", "promised_on", "reason", "key")


class NewPolicyForm(PolicyForm):
    sku = forms.CharField(label="SKU", max_length=128, widget=UnfoldAdminTextInputWidget)


class BackorderPolicyDesk(MovesStock, ReadOnlyDesk, RowPages):
    name = "Sold ahead"
    list_display = ("show_sku", "show_title", "kind", "cap", "show_waiting", "promised_on")
    list_filter = (WorkListFilter, "kind")
    list_select_related = ("stock_record__product__parent",)
    search_fields = ("=stock_record__partner_sku", "stock_record__product__title__istartswith")
    search_help_text = "SKU, or how the title begins"
    ordering = ("promised_on", "pk")
    actions_list = ("sell_ahead",)
    related = ("stock_record__product__parent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BackorderPolicy]:
        return super().get_queryset(request).annotate(waiting=units_waiting(record="pk"))

    @display(description="SKU", ordering="stock_record__partner_sku")
    def show_sku(self, policy: BackorderPolicy) -> str:
        return policy.stock_record.partner_sku

    @display(description="Product", ordering="stock_record__product__title")
    def show_title(self, policy: BackorderPolicy) -> str:
        return policy.stock_record.product.get_title()

    @display(description="Waiting", ordering="waiting")
    def show_waiting(self, policy: Any) -> int:
        return policy.waiting

    @action(description="Sell something ahead", permissions=["move"], url_path="sell-ahead", icon="event_upcoming")
    def sell_ahead(self, request: HttpRequest) -> HttpResponse:
        def do(data: Mapping[str, Any]) -> str:
            (record_id,) = find_stock_records([data["sku"].strip()]).values()
            return _keep(record_id, data)

        act = Act(
            title="Sell something ahead",
            permission=MOVE,
            sentences=[
                "It can then be bought although none is there: up to the cap, for the day you promise.",
                "What comes in goes to those who wait, the oldest order first.",
            ],
            button="Sell it ahead",
            form=NewPolicyForm,
            do=do,
            back=reverse("admin:inventory_backorderpolicy_changelist"),
            initial={"sku": request.GET.get("sku", "")[:128].replace("\x00", ""), "promised_on": shop_today()},
            action="sell ahead",
            subject=("stockrecord", "new"),
        )
        return show_act(request, self, act)

    def show_row(self, request: HttpRequest, policy: BackorderPolicy) -> HttpResponse:
        """A later day is a promise broken: the page says how many will hear of it."""
        record = policy.stock_record
        waiting = open_backorders().filter(stock_record=record).values_list("claim", flat=True).distinct().count()
        orders = "1 order waits" if waiting == 1 else f"{waiting} orders wait"
        act = Act(
            title=f"Sold ahead: {record.partner_sku}",
            permission=MOVE,
            sentences=[
                f"{record.product.get_title()}: {orders} for it, promised for {write_day(policy.promised_on)}.",
                "A later day is told to each of them by mail, with the old and the new day and a link that cancels free"
                " of charge. An earlier one only shows on their order pages.",
            ],
            button="Keep this",
            form=PolicyForm,
            do=lambda data: _keep(record.pk, data),
            back=reverse("admin:inventory_backorderpolicy_changelist"),
            initial={"kind": policy.kind, "cap": policy.cap, "promised_on": policy.promised_on},
            action="sell ahead",
            subject=("stockrecord", record.pk),
        )
        return show_act(request, self, act)


def _keep(stock_record_id: int, data: Mapping[str, Any]) -> str:
    policy = set_policy(
        stock_record_id=stock_record_id, kind=data["kind"], cap=data["cap"], promised_on=data["promised_on"]
    )
    if policy.kind == BackorderPolicy.Kind.NONE:
        return "It is not sold ahead any more. Who waits keeps the promise."
    return f"{policy.get_kind_display()}: at most {policy.cap} units, sent from {write_day(policy.promised_on)}."
