"""The refunds desk, and the one where a second person approves what is above somebody's limit."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from checkout.payments.records import Refund
from checkout.refunds.asking import approve_refund, decline_refund
from checkout.refunds.records import RefundRequest
from shop.backoffice import badges
from shop.backoffice.acts import Act, PlainForm, ReasonForm, show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.payments import link_to_order
from shop.money import format_money

APPROVE = "backoffice.approve_refund"


class RefundDesk(ReadOnlyDesk):
    list_display = ("pk", "show_order", "show_amount", "show_state", "reason", "actor_name", "failure", "created_at")
    list_filter = (WorkListFilter, "state", ("created_at", RangeDateFilter))
    list_select_related = ("attempt__order",)
    search_fields = ("=attempt__order__number", "=provider_id")
    search_help_text = "Order number or the provider's id"
    ordering = ("-pk",)
    fields = (
        "show_order",
        "show_amount",
        "show_parts",
        "show_state",
        "reason",
        "actor_name",
        "failure",
        "provider_id",
        "created_at",
    )
    readonly_fields = ("show_order", "show_amount", "show_parts", "show_state")

    @display(description="Order")
    def show_order(self, refund: Refund) -> str:
        return link_to_order(refund.attempt.order)

    @display(description="Amount", ordering="amount")
    def show_amount(self, refund: Refund) -> str:
        return format_money(refund.amount, refund.attempt.currency)

    @display(description="For")
    def show_parts(self, refund: Refund) -> str:
        parts = refund.parts.select_related("line")
        words = [f"{one.quantity} × {one.line.title}" if one.line is not None else one.kind for one in parts]
        return ", ".join(words) or "everything that was left"

    @display(description="State", ordering="state", label=badges.REFUND)
    def show_state(self, refund: Refund) -> str:
        return refund.state


class RefundRequestDesk(ReadOnlyDesk):
    list_display = (
        "pk",
        "show_order",
        "show_amount",
        "show_parts",
        "reason",
        "asked_by_name",
        "show_state",
        "asked_at",
    )
    list_filter = (WorkListFilter, "state", ("asked_at", RangeDateFilter))
    list_select_related = ("attempt__order",)
    search_fields = ("=attempt__order__number",)
    search_help_text = "Order number"
    ordering = ("-pk",)
    actions_detail = ("approve_one", "decline_one")
    fields = (
        "show_order",
        "show_amount",
        "show_parts",
        "reason",
        ("asked_by_name", "asked_at"),
        "show_state",
        ("decided_by_name", "decided_at"),
        "decision",
    )
    readonly_fields = ("show_order", "show_amount", "show_parts", "show_state")

    @display(description="Order")
    def show_order(self, request: RefundRequest) -> str:
        return link_to_order(request.attempt.order)

    @display(description="Amount", ordering="amount")
    def show_amount(self, request: RefundRequest) -> str:
        return format_money(request.amount, request.attempt.currency)

    @display(description="For")
    def show_parts(self, request: RefundRequest) -> str:
        return ", ".join(part["name"] for part in request.parts) or "everything that was left"

    @display(description="State", ordering="state", label=badges.REFUND_REQUEST)
    def show_state(self, request: RefundRequest) -> str:
        return request.state

    def has_approve_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(APPROVE)

    @action(description="Approve", permissions=["approve"], url_path="approve", icon="check")
    def approve_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        wanted = self._find(object_id)

        def do(data: Mapping[str, Any]) -> str:
            approve_refund(wanted.pk, actor=request.user)
            return f"{self.show_amount(wanted)} are on their way back to the customer."

        return show_act(request, self, self._act(wanted, "approve", form=PlainForm, do=do))

    @action(description="Decline", permissions=["approve"], url_path="decline", icon="block")
    def decline_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        wanted = self._find(object_id)

        def do(data: Mapping[str, Any]) -> str:
            decline_refund(wanted.pk, reason=data["reason"], actor=request.user)
            return f"The request over {self.show_amount(wanted)} is declined. Nothing was refunded."

        return show_act(request, self, self._act(wanted, "decline", form=ReasonForm, do=do))

    def _find(self, pk: int) -> RefundRequest:
        return get_object_or_404(RefundRequest.objects.select_related("attempt__order"), pk=pk)

    def _act(self, wanted: RefundRequest, verb: str, *, form: Any, do: Any) -> Act:
        number = wanted.attempt.order.number
        return Act(
            title=f"{verb.capitalize()} a refund of order {number}",
            permission=APPROVE,
            sentences=[
                f"{wanted.asked_by_name} wants to give back {self.show_amount(wanted)} for {self.show_parts(wanted)}.",
                f"Why: {wanted.reason}",
                "The money leaves at once, and the customer gets a mail."
                if verb == "approve"
                else "Nothing is refunded; the reason stands in the order's timeline.",
            ],
            button=verb.capitalize(),
            form=form,
            do=do,
            back=reverse("admin:checkout_refundrequest_change", args=(wanted.pk,)),
            is_costly=verb == "approve",
            action=f"{verb} refund",
            subject=("order", wanted.attempt.order_id),
        )
