"""One page for every act: it says what will happen, asks what it needs, does it on POST, and reports in a sentence."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from unfold.widgets import UnfoldAdminTextareaWidget

from catalog.addresses.renaming import AddressRefused
from catalog.content.publishing import ContentRefused
from checkout.orders.cancel import CannotCancel
from checkout.orders.resending import NothingToSend
from checkout.orders.states import IllegalMove
from checkout.payments.errors import (
    PaymentNotPossible,
    ProviderRefused,
    ProviderUnavailable,
    RefundFrozen,
    RefundTooLarge,
)
from checkout.payments.transfer.matching import CannotMatch
from checkout.payments.transfer.sending import CannotSend
from checkout.payments.transfer.statement import UnreadableStatement
from checkout.refunds.asking import AlreadyDecided, NeedsAnotherPerson
from checkout.refunds.parts import NothingChosen, PartTooLarge
from inventory.ledger import StockRefused
from inventory.locations import UnknownLocation
from inventory.locking import UnknownStockRecord
from inventory.purchasing.ordering import PurchaseRefused
from shipping.fulfilment.cancelling import AlreadyDispatched
from shipping.fulfilment.dispatch import CannotDispatch
from shop.audit.record import record_action
from shop.backoffice import gate
from shop.backoffice.dressing import Desk
from shop.backoffice.refusal import Refused

REFUSALS = (
    Refused,
    AddressRefused,
    AlreadyDecided,
    AlreadyDispatched,
    CannotCancel,
    CannotDispatch,
    CannotMatch,
    CannotSend,
    ContentRefused,
    IllegalMove,
    NeedsAnotherPerson,
    NothingChosen,
    NothingToSend,
    PartTooLarge,
    PaymentNotPossible,
    PurchaseRefused,
    RefundFrozen,
    RefundTooLarge,
    StockRefused,
    UnreadableStatement,
    UnknownLocation,
    UnknownStockRecord,
)
PROVIDER_AWAY = "The payment provider cannot be reached just now. Nothing was changed; please try again in a minute."


class PlainForm(forms.Form):
    """Asks nothing; its key makes a doubled click one act."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=lambda: uuid.uuid4().hex)


class ReasonForm(PlainForm):
    reason = forms.CharField(
        max_length=250,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Kept in the timeline and the audit log.",
        error_messages={"required": "Say why, in a few words."},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`do` gets the cleaned form and answers the sentence to show afterwards. `permission` is `app.codename`.

    `action` and `subject` (type, id) name the audit entry; empty when the room writes its own.
    """

    title: str
    permission: str
    sentences: Sequence[str]
    button: str
    do: Callable[[dict[str, Any]], str]
    back: str
    action: str = ""
    subject: tuple[str, object] = ("", "")
    form: Callable[..., forms.Form] = PlainForm
    is_costly: bool = False
    initial: dict[str, Any] = field(default_factory=dict)


def show_act(request: HttpRequest, desk: Desk, act: Act) -> HttpResponse:
    """GET asks; POST acts. A costly act wants a fresh code of the second factor first. Raises PermissionDenied."""
    if not request.user.has_perm(act.permission):
        raise PermissionDenied
    if act.is_costly and not gate.is_fresh(request):
        return redirect(gate.way_to_freshness(request))
    form = act.form(request.POST, request.FILES) if request.method == "POST" else act.form(initial=act.initial)
    if request.method == "POST" and form.is_valid():
        sentence = attempt(form, lambda: act.do(form.cleaned_data))
        if sentence is not None:
            _audit(request, act, form.cleaned_data)
            messages.success(request, sentence)
            return see_other(act.back)
    return desk.show_page(request, "admin/act.html", title=act.title, act=act, form=form)


def _audit(request: HttpRequest, act: Act, data: Mapping[str, Any]) -> None:
    if act.action:
        record_action(
            action=act.action,
            subject_type=act.subject[0],
            subject_id=act.subject[1],
            actor=request.user,
            after={name: str(value) for name, value in data.items() if name not in ("key", "reason")},
            reason=str(data.get("reason", "")),
        )


def attempt(form: forms.Form, do: Callable[[], str]) -> str | None:
    """The sentence of `do`; None when a room refused, then the form says why."""
    try:
        return do()
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
    except ProviderUnavailable:
        form.add_error(None, PROVIDER_AWAY)
    except ProviderRefused as refusal:
        form.add_error(None, f"The payment provider refused: {refusal}")
    return None


def see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
