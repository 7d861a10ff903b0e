"""VAT ids: orders that were taxed because the register gave no answer, and every answer as it came."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from checkout.tax.vat_cases import ask_about, close_cases
from checkout.tax.vat_records import VatCase
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.payments import link_to_order
from shop.money import format_money


class VatCaseDesk(ReadOnlyDesk):
    list_display = ("show_order", "vat_id", "state", "show_tax", "show_answer", "tries", "next_at", "created_at")
    list_display_links = None
    list_filter = (WorkListFilter, "state", ("created_at", RangeDateFilter))
    list_select_related = ("order", "answer")
    search_fields = ("=order__number", "=vat_id")
    search_help_text = "Order number or VAT id"
    ordering = ("-pk",)
    fields = ("show_order", "vat_id", "state", "show_tax", "show_answer", "tries", ("next_at", "created_at"))
    readonly_fields = ("show_order", "show_tax", "show_answer")
    actions: Any = ("ask", "close")

    @display(description="Order", ordering="order__number")
    def show_order(self, case: VatCase) -> str:
        return link_to_order(case.order)

    @display(description="Tax charged", ordering="tax")
    def show_tax(self, case: VatCase) -> str:
        return format_money(case.tax, case.order.currency)

    @display(description="Last answer")
    def show_answer(self, case: VatCase) -> str:
        if case.answer is None:
            return "none yet"
        number = f", consultation {case.answer.consultation}" if case.answer.consultation else ""
        return f"{case.answer.get_state_display()}{number}"

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("backoffice.settle_vat")

    @action(description="Ask the register now", permissions=["settle"])
    def ask(self, request: HttpRequest, queryset: QuerySet[VatCase]) -> None:
        ids = list(queryset.filter(state=VatCase.State.WAITING).values_list("pk", flat=True)[:20])
        number = sum(ask_about(order_id) for order_id in ids)
        messages.success(request, f"{number} of {len(ids)} got an answer.")

    @action(description="Settled: the tax went back, or stays", permissions=["settle"])
    def close(self, request: HttpRequest, queryset: QuerySet[VatCase]) -> None:
        number = close_cases(list(queryset.values_list("pk", flat=True)), actor=request.user)
        messages.success(request, f"{number} {'case is' if number == 1 else 'cases are'} settled.")


class VatCheckDesk(ReadOnlyDesk):
    names_people = "VAT ids"
    list_display = ("vat_id", "state", "consultation", "name", "requester", "asked_at")
    list_filter = ("state", ("asked_at", RangeDateFilter))
    search_fields = ("=vat_id", "=consultation")
    search_help_text = "VAT id or consultation number"
    ordering = ("-pk",)
