"""What staff can do to one order. Each act says its consequence and goes through the function of its room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from oscar.apps.order.models import Order
from unfold.widgets import UnfoldAdminTextareaWidget

from checkout.orders.access import renew_access
from checkout.orders.cancel import cancel_order
from checkout.orders.letters import resend_confirmation
from checkout.orders.states import PAID, PENDING
from checkout.orders.timeline import record_event
from checkout.payments.holding import send_nevertheless
from checkout.payments.records import PaymentAttempt
from checkout.payments.rest import NothingToAsk, ask_for_rest, can_ask, rest_of
from checkout.payments.settle import settle_payment
from shipping.fulfilment.models import ParcelStop
from shop.backoffice.acts import Act, PlainForm, ReasonForm
from shop.backoffice.refund_acts import build_refund, refundable_of
from shop.backoffice.refusal import Refused
from shop.money import ZERO, format_money

State = PaymentAttempt.State


@dataclass(frozen=True, slots=True)
class OrderAct:
    """A button of the order page. `fits` says whether it makes sense for the order as it is."""

    name: str
    label: str
    icon: str
    permission: str
    fits: Callable[[Order], bool]
    build: Callable[[Order, Any, str], Act]


def _cancel(order: Order, actor: Any, back: str) -> Act:
    _, left = refundable_of(order)
    money = f"{format_money(left, order.currency)} go back to the customer." if left else "Nothing was charged."

    def do(data: Mapping[str, Any]) -> str:
        cancel_order(order.pk, reason=data["reason"], actor=actor)
        return f"Order {order.number} is cancelled. {money}"

    return Act(
        title=f"Cancel order {order.number}",
        permission="backoffice.cancel_order",
        sentences=[
            "The order ends, its units go back on sale, its vouchers can be used again and its parcels are not sent.",
            money,
            "The customer gets a mail. This cannot be undone.",
        ],
        button="Cancel this order",
        form=ReasonForm,
        do=do,
        back=back,
        is_costly=True,
    )


def _settle(order: Order, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        found = [settle_payment(pk) for pk in _payments_to_ask(order)]
        record_event(order_id=order.pk, kind="note", message="The payment provider was asked by hand.", actor=actor)
        words = ", ".join(f"payment {one.pk} is {one.state}" for one in found)
        return f"The provider was asked: {words or 'there was no payment to ask about'}."

    return Act(
        title=f"Ask the provider about order {order.number}",
        permission="backoffice.settle_payment",
        sentences=["The provider is asked what became of the payment, and the order follows its answer."],
        button="Ask now",
        do=do,
        back=back,
    )


class NoteForm(PlainForm):
    note = forms.CharField(max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}))


def _note(order: Order, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        record_event(order_id=order.pk, kind="note", message=data["note"], actor=actor)
        return "The note stands in the timeline."

    return Act(
        title=f"Note on order {order.number}",
        permission="backoffice.note_order",
        sentences=["Only staff see notes. They stay: a note cannot be changed or deleted."],
        button="Keep the note",
        form=NoteForm,
        do=do,
        back=back,
    )


def _resend(order: Order, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        if not resend_confirmation(order.pk, key=data["key"], actor=actor):
            raise Refused("This order has no address to write to, or the mail is on its way already.")
        return "The confirmation is on its way."

    address = order.guest_email or (order.user.email if order.user else "")
    return Act(
        title=f"Send the confirmation of order {order.number} again",
        permission="backoffice.resend_mail",
        sentences=[f"{address} gets the confirmation once more, with the link of the order page."],
        button="Send it again",
        do=do,
        back=back,
    )


def _renew(order: Order, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        renew_access(order.pk, reason=data["reason"], actor=actor)
        return "The order page has a new link; the former one opens nothing any more."

    return Act(
        title=f"New link for order {order.number}",
        permission="backoffice.renew_link",
        sentences=["The link that the customer has stops working. Send the confirmation again to give the new one."],
        button="Renew the link",
        form=ReasonForm,
        do=do,
        back=back,
    )


def _send(order: Order, actor: Any, back: str) -> Act:
    stop = ParcelStop.objects.filter(order=order).first()

    def do(data: Mapping[str, Any]) -> str:
        if stop is None:
            raise Refused("The parcels of this order are not stopped: there is nothing to let go.")
        number = send_nevertheless(order.pk, reason=data["reason"], actor=actor)
        return f"{number} {'parcel waits' if number == 1 else 'parcels wait'} to be packed."

    return Act(
        title=f"Send order {order.number} all the same",
        permission="backoffice.release_payment",
        sentences=[
            f"Its parcels were stopped: {stop.reason}" if stop is not None else "Its parcels are not stopped.",
            "They are packed and sent as if the payment were in order. The payment itself stays held.",
        ],
        button="Let its parcels leave",
        form=ReasonForm,
        do=do,
        back=back,
        is_costly=True,
    )


def _ask_rest(order: Order, actor: Any, back: str) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        try:
            rest = ask_for_rest(order.pk, reason=data["reason"], actor=actor)
        except NothingToAsk as refusal:
            raise Refused(str(refusal)) from refusal
        if not rest:
            return "All of it had been taken by now: the hold is lifted, and its parcels can be packed."
        return f"The customer gets a mail with a link to pay {format_money(rest, order.currency)}."

    held = rest_of(order)
    return Act(
        title=f"Ask for the rest of order {order.number}",
        permission="backoffice.release_payment",
        sentences=[
            f"{format_money(order.total_incl_tax - held.captured, order.currency)} were not taken before the"
            " authorisation ended. What is left of it is let go at the bank first, so that nobody pays twice."
            if held is not None
            else "Nothing of this order is waiting to be asked for.",
            "The customer gets a mail with a link. When it is paid, the hold is lifted and the rest can be packed.",
        ],
        button="Ask for the rest",
        form=ReasonForm,
        do=do,
        back=back,
    )


def _payments_to_ask(order: Order) -> list[int]:
    return list(
        PaymentAttempt.objects.filter(order=order).exclude(session_id="").order_by("pk").values_list("pk", flat=True)
    )


_RIGHT = "backoffice."
ACTS: Mapping[str, OrderAct] = {
    act.name: act
    for act in (
        OrderAct("note", "Add a note", "edit_note", f"{_RIGHT}note_order", lambda order: True, _note),
        OrderAct("settle", "Ask the provider", "sync", f"{_RIGHT}settle_payment", lambda order: True, _settle),
        OrderAct(
            "resend", "Send confirmation again", "forward_to_inbox", f"{_RIGHT}resend_mail",
            lambda order: order.status != PENDING, _resend,
        ),
        OrderAct("renew-link", "Renew the link", "link", f"{_RIGHT}renew_link", lambda order: True, _renew),
        OrderAct(
            "ask-rest", "Ask for the rest", "request_quote", f"{_RIGHT}release_payment",
            can_ask, _ask_rest,
        ),
        OrderAct(
            "send", "Send all the same", "local_shipping", f"{_RIGHT}release_payment",
            lambda order: ParcelStop.objects.filter(order=order).exists(), _send,
        ),
        OrderAct(
            "refund", "Refund", "undo", f"{_RIGHT}refund_order", lambda order: refundable_of(order)[1] > ZERO, build_refund
        ),
        OrderAct(
            "cancel", "Cancel", "cancel", f"{_RIGHT}cancel_order",
            lambda order: order.status in (PENDING, PAID), _cancel,
        ),
    )
}  # fmt: skip


def acts_for(order: Order, user: Any) -> list[dict[str, str]]:
    """The buttons of the order page for this person, in order; the costly ones last."""
    return [
        {
            "label": act.label,
            "icon": act.icon,
            "name": act.name,
            "url": reverse(f"admin:order_{act.name}", args=(order.pk,)),
        }
        for act in ACTS.values()
        if user.has_perm(act.permission) and act.fits(order)
    ]
