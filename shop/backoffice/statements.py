"""Bank statements: hand one in, see what pays which order, and decide what the shop cannot decide by itself."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from oscar.apps.order.models import Order
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from checkout.payments.transfer.importing import import_statement
from checkout.payments.transfer.matching import match_entry, send_back, set_aside, undo_match
from checkout.payments.transfer.records import StatementEntry, TransferOut
from checkout.payments.transfer.sending import mark_sent
from shop.backoffice import badges
from shop.backoffice.acts import Act, PlainForm, show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.payments import link_to_order
from shop.backoffice.refusal import Refused
from shop.money import format_money

RIGHT = "backoffice.match_transfer"


class StatementForm(PlainForm):
    file = forms.FileField(
        label="Statement",
        widget=UnfoldAdminFileFieldWidget,
        help_text="CAMT.053 (XML) or CSV. Files may overlap: each entry is taken in once.",
        error_messages={"required": "Choose the file that your bank gave you."},
    )


class MatchForm(PlainForm):
    number = forms.CharField(
        label="Order number",
        max_length=32,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": "Write the number of the order that this money is for."},
    )


class StatementDesk(ReadOnlyDesk):
    name = "Bank statements"
    names_people, order_key = "bank statements", "proposal_id"
    list_display = ("booked_on", "show_amount", "payer_name", "text", "show_state", "problem", "show_proposal")
    list_filter = (WorkListFilter, "state", ("booked_on", RangeDateFilter))
    list_select_related = ("proposal",)
    search_fields = ("text", "payer_name", "=payer_iban", "=matches__order__number")
    search_help_text = "Text, payer, IBAN or order number"
    ordering = ("-booked_on", "-pk")
    actions_list = ("hand_in",)
    actions_detail = ("match_one", "undo_one", "send_back_one", "set_aside_one")
    fields = (
        ("booked_on", "show_amount"),
        ("payer_name", "payer_iban"),
        "text",
        "bank_reference",
        "show_state",
        "show_matches",
        "problem",
        "show_proposal",
        ("file_name", "imported_by", "imported_at"),
    )
    readonly_fields = ("show_amount", "show_state", "show_matches", "show_proposal")

    @display(description="Amount", ordering="amount")
    def show_amount(self, entry: StatementEntry) -> str:
        return format_money(entry.amount, entry.currency)

    @display(description="State", ordering="state", label=badges.STATEMENT)
    def show_state(self, entry: StatementEntry) -> str:
        return entry.state

    @display(description="May be for")
    def show_proposal(self, entry: StatementEntry) -> str:
        return link_to_order(entry.proposal) if entry.proposal is not None and entry.state == "open" else ""

    @display(description="Pays")
    def show_matches(self, entry: StatementEntry) -> str:
        words = []
        for one in entry.matches.select_related("order"):
            undone = f", taken back by {one.undone_by}" if one.undone_at is not None else ""
            words.append(f"{one.order.number} by {one.how} ({one.matched_by}{undone})")
        return "; ".join(words)

    def has_match_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(RIGHT)

    @action(description="Hand in a statement", permissions=["match"], url_path="hand-in", icon="upload_file")
    def hand_in(self, request: HttpRequest) -> HttpResponse:
        def do(data: Mapping[str, Any]) -> str:
            file = data["file"]
            found = import_statement(file.read(), file_name=file.name, actor=request.user)
            return (
                f"{found.new} new entries, {found.known} known ones. {found.matched} were matched by themselves,"
                f" {found.open} wait for you."
            )

        sentences = ["Transfers with the right reference pay their orders at once; the rest waits for you."]
        act = Act(
            title="Hand in a bank statement",
            permission=RIGHT,
            sentences=sentences,
            button="Take it in",
            form=StatementForm,
            do=do,
            back=reverse("admin:checkout_statemententry_changelist"),
        )
        return show_act(request, self, act)

    @action(description="Match", permissions=["match"], url_path="match", icon="link")
    def match_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        entry = self._find(object_id)

        def do(data: Mapping[str, Any]) -> str:
            number = data["number"].strip().upper()
            order = Order.objects.filter(number=number).first()
            if order is None:
                raise Refused(f"There is no order {number[:32]}.")
            match_entry(entry.pk, order.pk, how="hand", actor=request.user)
            order.refresh_from_db()
            return f"{self.show_amount(entry)} count for order {order.number}, which is {order.status}."

        initial = {"number": entry.proposal.number} if entry.proposal is not None else {}
        sentences = [self._words(entry), "The money counts for the order that you name; its payment follows at once."]
        return self._ask(request, entry, "Match", sentences, do=do, form=MatchForm, initial=initial)

    @action(description="Take the match back", permissions=["match"], url_path="undo", icon="link_off")
    def undo_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        entry = self._find(object_id)

        def do(data: Mapping[str, Any]) -> str:
            undo_match(entry.pk, actor=request.user)
            return "The match is taken back; the entry waits for a decision."

        sentences = [self._words(entry), "An order that was paid by it is held until the right money is matched."]
        return self._ask(request, entry, "Take the match back", sentences, do=do)

    @action(description="Send back", permissions=["match"], url_path="send-back", icon="undo")
    def send_back_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        entry = self._find(object_id)

        def do(data: Mapping[str, Any]) -> str:
            send_back(entry.pk, actor=request.user)
            return "It stands among the transfers to send."

        sentences = [self._words(entry), "Nothing leaves by itself: a person sends the transfer and marks it as sent."]
        return self._ask(request, entry, "Send back", sentences, do=do)

    @action(description="Not for an order", permissions=["match"], url_path="set-aside", icon="inventory")
    def set_aside_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        entry = self._find(object_id)

        def do(data: Mapping[str, Any]) -> str:
            set_aside(entry.pk)
            return "The entry is set aside."

        return self._ask(request, entry, "Set aside", [self._words(entry), "It is for no order of the shop."], do=do)

    def _find(self, pk: int) -> StatementEntry:
        return get_object_or_404(StatementEntry.objects.select_related("proposal"), pk=pk)

    def _words(self, entry: StatementEntry) -> str:
        return (
            f"{self.show_amount(entry)} of {entry.booked_on:%d.%m.%Y} by {entry.payer_name or 'somebody'}: {entry.text}"
        )

    def _ask(
        self, request: HttpRequest, entry: StatementEntry, verb: str, sentences: list[str], **more: Any
    ) -> HttpResponse:
        act = Act(
            title=f"{verb}: {self.show_amount(entry)}",
            permission=RIGHT,
            sentences=sentences,
            button=verb,
            back=reverse("admin:checkout_statemententry_change", args=(entry.pk,)),
            action=f"{verb.lower()} transfer",
            subject=("statemententry", entry.pk),
            **more,
        )
        return show_act(request, self, act)


class TransferOutDesk(ReadOnlyDesk):
    names_people, order_key = "transfers back", "order_id"
    list_display = ("pk", "show_amount", "name", "iban", "text", "show_order", "show_state", "asked_at")
    list_filter = (WorkListFilter, "state", ("asked_at", RangeDateFilter))
    list_select_related = ("order",)
    search_fields = ("=order__number", "=iban", "name")
    search_help_text = "Order number, IBAN or name"
    ordering = ("-pk",)
    actions_detail = ("sent_one",)
    fields = (("show_amount", "show_state"), ("name", "iban"), "text", "show_order", ("sent_by", "sent_at"), "asked_at")
    readonly_fields = ("show_amount", "show_order", "show_state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TransferOut]:
        return super().get_queryset(request).select_related("order")

    @display(description="Amount", ordering="amount")
    def show_amount(self, out: TransferOut) -> str:
        return format_money(out.amount, out.currency)

    @display(description="Order")
    def show_order(self, out: TransferOut) -> str:
        return link_to_order(out.order) if out.order is not None else ""

    @display(description="State", ordering="state", label=badges.TRANSFER)
    def show_state(self, out: TransferOut) -> str:
        return out.state

    def has_match_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(RIGHT)

    @action(description="I have sent it", permissions=["match"], url_path="sent", icon="check")
    def sent_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        out = get_object_or_404(TransferOut, pk=object_id)

        def do(data: Mapping[str, Any]) -> str:
            mark_sent(out.pk, actor=request.user)
            return f"{self.show_amount(out)} are marked as sent."

        act = Act(
            title=f"Sent: {self.show_amount(out)}",
            permission=RIGHT,
            sentences=[
                f"You have sent {self.show_amount(out)} to {out.name or 'the payer'} {out.iban}, “{out.text}”.",
                "A refund behind it is done with this, and the customer gets a mail.",
            ],
            button="I have sent it",
            do=do,
            back=reverse("admin:checkout_transferout_change", args=(out.pk,)),
            action="send transfer",
            subject=("transferout", out.pk),
            is_costly=True,
        )
        return show_act(request, self, act)
