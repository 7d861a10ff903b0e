"""Match a statement entry with an order, take a match back, send money back.

Locks: the order first, which guards its payment and the transfers that belong to it, then the entry.
"""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.states import lock_order
from checkout.orders.timeline import record_event
from checkout.payments.attempts import State
from checkout.payments.holding import hold_payment
from checkout.payments.records import PaymentAttempt
from checkout.payments.settle import settle_payment
from checkout.payments.start import start_payment
from checkout.payments.transfer.gateway import received_of
from checkout.payments.transfer.judging import judge_entry, transfer_of, transfer_of_id
from checkout.payments.transfer.records import StatementEntry, TransferMatch, TransferOut
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.stopping import resume_parcels
from shop.money import ZERO, format_money, smallest_amount

MISMATCHED = "The transfer that paid it was matched by mistake; the match was taken back."
OPEN = StatementEntry.State.OPEN


class CannotMatch(Exception):
    """The message says why, for the person at the desk. Nothing was written."""


def match_entry(entry_id: int, order_id: int, *, how: str, actor: Any = None) -> StatementEntry:
    """Let an open entry pay an order, and settle the order's payment. The same match again changes nothing.

    What is too much waits among the transfers to send. Raises CannotMatch.
    """
    begun = transfer_of_id(order_id)
    if begun is not None and begun.state == State.CREATED:
        start_payment(begun.pk)
    with transaction.atomic():
        order = lock_order(order_id)
        entry = _lock_entry(entry_id)
        known = entry.matches.filter(undone_at=None).first()
        if known is not None and known.order_id == order_id:
            return entry
        attempt = _check_fitting(entry, order)
        match = TransferMatch.objects.create(entry=entry, order=order, how=how, matched_by=_name(actor))
        _move(entry, StatementEntry.State.MATCHED)
        record_event(
            order_id=order.pk,
            kind="payment",
            message=f"{format_money(entry.amount, entry.currency)} arrived by transfer, matched by {how}.",
            actor=actor,
            actor_name="" if actor else "statement import",
            data={"entry": entry.pk},
        )
        _note_surplus(match, order)
        _take_up_again(attempt, order)
    settle_payment(attempt.pk)
    return entry


def undo_match(entry_id: int, *, actor: Any) -> StatementEntry:
    """Take a match back. An order that it had paid is held for a person, and its parcels are stopped.

    Raises CannotMatch when a parcel has left, or money of that payment, or what was too much, has gone back already.
    """
    with transaction.atomic():
        order_id = TransferMatch.objects.filter(entry_id=entry_id, undone_at=None).values_list("order_id", flat=True)
        if not order_id:
            raise CannotMatch("This entry pays no order.")
        order = lock_order(order_id[0])
        entry = _lock_entry(entry_id)
        match = entry.matches.filter(undone_at=None, order=order).first()
        attempt = transfer_of(order)
        if match is None or attempt is None:
            raise CannotMatch("Somebody else has just taken this match back.")
        surplus = TransferOut.objects.filter(key=f"surplus:{match.pk}").first()
        if attempt.refunded or (surplus is not None and surplus.state == TransferOut.State.SENT):
            raise CannotMatch("Money of this transfer has gone back already, so the match has to stay.")
        was_paid_by_it = attempt.state == State.PAID and received_of(order) - entry.amount < attempt.amount
        if was_paid_by_it:
            _check_nothing_left_us(order)
        TransferMatch.objects.filter(pk=match.pk).update(undone_by=_name(actor), undone_at=Now())
        TransferOut.objects.filter(key=f"surplus:{match.pk}").update(state=TransferOut.State.DROPPED)
        _move(entry, OPEN, problem=f"Its match with order {order.number} was taken back.")
        record_event(
            order_id=order.pk,
            kind="alert",
            message=f"{format_money(entry.amount, entry.currency)} by transfer were not for this order.",
            actor=actor,
            data={"entry": entry.pk},
        )
        if was_paid_by_it:
            attempt.captured = ZERO
            hold_payment(attempt, reason=MISMATCHED)
            attempt.save()
        return entry


def send_back(entry_id: int, *, actor: Any) -> TransferOut:
    """Money that is for no order goes back to where it came from: a transfer for a person to send."""
    with transaction.atomic():
        entry = _lock_entry(entry_id)
        if entry.state == StatementEntry.State.SENT_BACK:
            return TransferOut.objects.get(key=f"entry:{entry.pk}")
        _check_open(entry)
        _move(entry, StatementEntry.State.SENT_BACK, problem=entry.problem)
        return TransferOut.objects.create(
            key=f"entry:{entry.pk}",
            amount=entry.amount,
            currency=entry.currency,
            name=entry.payer_name,
            iban=entry.payer_iban,
            text=f"Your transfer of {entry.booked_on:%d.%m.%Y} was not for an open order",
            order=entry.proposal,
            entry=entry,
        )


def set_aside(entry_id: int) -> None:
    """Not for an order: rent, a grant, a transfer between our own accounts."""
    with transaction.atomic():
        entry = _lock_entry(entry_id)
        _check_open(entry)
        _move(entry, StatementEntry.State.SET_ASIDE)


def match_open_entries() -> int:
    """Decide what is plain among the entries that nobody has looked at; how many orders they pay. Safe to repeat."""
    matched = 0
    fresh = StatementEntry.objects.filter(state=OPEN, problem="", amount__gt=0).order_by("booked_on", "pk")
    for entry in fresh:
        verdict = judge_entry(entry)
        problem = verdict.problem
        if verdict.how and verdict.order is not None:
            try:
                match_entry(entry.pk, verdict.order.pk, how=verdict.how)
                matched += 1
                continue
            except CannotMatch as refusal:
                problem = str(refusal)
        StatementEntry.objects.filter(pk=entry.pk, state=OPEN).update(problem=problem[:250], proposal=verdict.order)
    return matched


def free_partial_transfers(order_id: int) -> int:
    """A cancelled order whose transfers did not pay it keeps nothing: they go to a person. How many."""
    with transaction.atomic():
        order = lock_order(order_id)
        attempt = transfer_of(order)
        if attempt is None or attempt.captured:
            return 0
        matches = list(TransferMatch.objects.filter(order=order, undone_at=None).select_related("entry"))
        for match in matches:
            entry = _lock_entry(match.entry_id)
            TransferMatch.objects.filter(pk=match.pk).update(undone_by="shop", undone_at=Now())
            _move(entry, OPEN, problem=f"Order {order.number} was cancelled before it was paid in full.")
            StatementEntry.objects.filter(pk=entry.pk).update(proposal=order)
        return len(matches)


def _lock_entry(entry_id: int) -> StatementEntry:
    return StatementEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)


def _check_open(entry: StatementEntry) -> None:
    if entry.state != OPEN or entry.amount <= 0:
        raise CannotMatch(
            f"This entry is {entry.get_state_display()}; only money that came in and is open can be used."
        )


def _check_fitting(entry: StatementEntry, order: Order) -> PaymentAttempt:
    _check_open(entry)
    attempt = transfer_of(order)
    if attempt is None or not attempt.session_id:
        raise CannotMatch(f"Order {order.number} does not wait for a transfer.")
    if entry.currency != order.currency:
        raise CannotMatch(f"The entry is in {entry.currency}, order {order.number} in {order.currency}.")
    if attempt.state == State.PAID:
        raise CannotMatch(f"Order {order.number} is paid already; send this money back.")
    if attempt.state == State.HELD and attempt.hold_reason != MISMATCHED:
        raise CannotMatch(f"The payment of order {order.number} is held: {attempt.hold_reason}")
    return attempt


def _check_nothing_left_us(order: Order) -> None:
    sent = Shipment.objects.filter(order=order, state=Shipment.State.DISPATCHED).order_by("pk").first()
    if sent is not None:
        raise CannotMatch(
            f"Parcel {sent.number} of order {order.number} has left already, so the match has to stay. Ask its buyer"
            " for the money, and prepare the other order anew."
        )


def _note_surplus(match: TransferMatch, order: Order) -> None:
    surplus = min(received_of(order) - order.total_incl_tax, match.entry.amount)
    surplus -= surplus % smallest_amount(order.currency)
    if surplus > ZERO:
        TransferOut.objects.create(
            key=f"surplus:{match.pk}",
            amount=surplus,
            currency=order.currency,
            name=match.entry.payer_name,
            iban=match.entry.payer_iban,
            text=f"Paid too much for order {order.number}",
            order=order,
            entry=match.entry,
        )


def _take_up_again(attempt: PaymentAttempt, order: Order) -> None:
    """A payment that was held because of a mistaken match is paid once the right transfers are there."""
    if attempt.state == State.HELD and received_of(order) >= attempt.amount:
        PaymentAttempt.objects.filter(pk=attempt.pk).update(
            state=State.PAID, captured=attempt.amount, hold_reason="", updated_at=Now()
        )
        resume_parcels(order.pk)


def _move(entry: StatementEntry, state: str, *, problem: str = "") -> None:
    entry.state, entry.problem = state, problem[:250]
    entry.save(update_fields=["state", "problem"])


def _name(actor: Any) -> str:
    return str(actor) if actor is not None else "statement import"
