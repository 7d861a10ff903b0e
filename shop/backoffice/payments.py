"""Payments, the provider's events and mails as sent: to look at; acts stand on the order's page."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from checkout.orders.looking import note_look
from checkout.orders.records import Mail
from checkout.orders.resending import resend_mail
from checkout.payments.records import PaymentAttempt
from shop.backoffice import badges
from shop.backoffice.acts import Act, show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.row_pages import RowPages
from shop.money import format_money


def link_to_order(order: Any) -> str:
    return format_html('<a href="{}">{}</a>', reverse("admin:order_order_change", args=(order.pk,)), order.number)


class PaymentDesk(ReadOnlyDesk):
    list_display = ("pk", "show_order", "show_amount", "show_taken", "show_state", "hold_reason", "created_at")
    list_display_links = ("pk",)
    list_filter = (WorkListFilter, "state", ("created_at", RangeDateFilter))
    list_select_related = ("order",)
    search_fields = ("=order__number", "=session_id", "=intent_id")
    search_help_text = "Order number, session or intent of the provider"
    ordering = ("-pk",)
    fields = (
        "show_order",
        "show_state",
        ("show_amount", "show_taken", "refunded", "fee"),
        "hold_reason",
        "disputed_at",
        "last_decline",
        ("session_id", "intent_id", "capture_before"),
        ("created_at", "updated_at"),
    )
    readonly_fields = ("show_order", "show_state", "show_amount", "show_taken")

    @display(description="Order", ordering="order__number")
    def show_order(self, payment: PaymentAttempt) -> str:
        return link_to_order(payment.order)

    @display(description="Amount", ordering="amount")
    def show_amount(self, payment: PaymentAttempt) -> str:
        return format_money(payment.amount, payment.currency)

    @display(description="Taken", ordering="captured")
    def show_taken(self, payment: PaymentAttempt) -> str:
        return format_money(payment.captured, payment.currency)

    @display(description="State", ordering="state", label=badges.PAYMENT)
    def show_state(self, payment: PaymentAttempt) -> str:
        return payment.state


class ProviderEventDesk(ReadOnlyDesk):
    list_display = ("kind", "event_id", "received_at", "handled_at", "outcome")
    list_filter = (("received_at", RangeDateFilter), ("handled_at", RangeDateFilter))
    search_fields = ("=event_id", "kind__startswith")
    search_help_text = "The provider's event id, or how the kind begins"
    ordering = ("-pk",)


class MailDesk(ReadOnlyDesk, RowPages):
    names_people, order_key = "mails", "order_id"
    related = ("order",)
    list_display = ("subject", "to", "kind", "created_at", "sent_at")
    list_filter = ("kind", ("created_at", RangeDateFilter))
    search_fields = ("=to", "=order__number")
    search_help_text = "Address or order number"
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        return super().get_queryset(request).defer("html", "text")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:mail_id>/body/", guard(self.body_view), name="mail_body"),
            path("<int:mail_id>/again/", guard(self.again_view), name="mail_again"),
            *super().get_urls(),
        ]

    def show_row(self, request: HttpRequest, mail: Mail) -> HttpResponse:
        _note_look(mail, request.user)
        return self.show_page(request, "admin/mail.html", title=mail.subject, mail=mail)

    def again_view(self, request: HttpRequest, mail_id: int) -> HttpResponse:
        mail = self.find_row(mail_id)

        def do(data: Mapping[str, Any]) -> str:
            resend_mail(mail, key=data["key"], actor=request.user)
            return "The mail is on its way once more."

        act = Act(
            title=f"Send “{mail.subject}” again",
            permission="backoffice.resend_mail",
            sentences=[
                f"{mail.to} gets this mail once more, word for word as it was.",
                "A link that was renewed since opens nothing any more: then send the confirmation again instead.",
            ],
            button="Send it again",
            do=do,
            back=self.page_of(mail),
            action="resend",
            subject=("mail", mail.pk),
        )
        return show_act(request, self, act)

    def body_view(self, request: HttpRequest, mail_id: int) -> HttpResponse:
        """The mail's own page for a frame without rights: no script, no form, no way out."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = get_object_or_404(Mail, pk=mail_id)
        _note_look(mail, request.user)
        response = HttpResponse(mail.html)
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Content-Security-Policy"] = (
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
        )
        return response


def _note_look(mail: Mail, actor: Any) -> None:
    if mail.order_id is not None:
        note_look(mail.order_id, what=f"mail “{mail.subject}”", why="To read a mail as it was sent.", actor=actor)
