"""Which order a statement entry pays: decided when it is plain, else a proposal and a sentence for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oscar.apps.order.models import Order

from checkout.orders.states import CANCELLED, PENDING
from checkout.payments.attempts import State
from checkout.payments.records import PaymentAttempt
from checkout.payments.transfer.gateway import received_of
from checkout.payments.transfer.records import StatementEntry
from checkout.payments.transfer.reference import find_number, find_similar

BY_REFERENCE = "its reference"
BY_SLIP = "its reference, with a slip of the pen"
MOST_CANDIDATES = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`how` is not empty when the entry may be matched with `order` without a person; else `problem` says why not."""

    order: Order | None
    how: str = ""
    problem: str = ""


def judge_entry(entry: StatementEntry) -> Verdict:
    """Of an open entry that brought money."""
    number = find_number(entry.text)
    named = Order.objects.filter(number=number).first() if number else None
    return _judge_named(entry, named) if named is not None else _judge_unnamed(entry)


def _judge_named(entry: StatementEntry, order: Order) -> Verdict:
    attempt = transfer_of(order)
    if entry.currency != order.currency:
        return Verdict(order, problem=f"It is in {entry.currency}; order {order.number} is in {order.currency}.")
    if attempt is None:
        return Verdict(order, problem=f"Order {order.number} is paid by card, not by transfer.")
    if attempt.state == State.PAID:
        return Verdict(order, problem=f"Order {order.number} is paid already: this came on top.")
    missing = order.total_incl_tax - received_of(order)
    if order.status == CANCELLED:
        if entry.amount == missing:
            return Verdict(order, how=f"{BY_REFERENCE}, after the order was cancelled")
        return Verdict(order, problem=f"Order {order.number} is cancelled.")
    if order.status != PENDING or attempt.state == State.HELD:
        return Verdict(order, problem=f"Order {order.number} is {order.status}; its payment is {attempt.state}.")
    others = [one for one in _waiting(entry) if one.pk != order.pk and _missing(one) == entry.amount]
    if entry.amount != missing and len(others) == 1:
        return Verdict(
            others[0], problem=f"It names order {order.number}, but comes to what {others[0].number} waits for."
        )
    return Verdict(order, how=BY_REFERENCE)


def _judge_unnamed(entry: StatementEntry) -> Verdict:
    waiting = {order.number: order for order in _waiting(entry)}
    similar = [waiting[number] for number in find_similar(entry.text[:300], waiting)]
    fitting = [order for order in similar if _missing(order) == entry.amount]
    if len(similar) == len(fitting) == 1:
        return Verdict(fitting[0], how=BY_SLIP)
    if similar:
        numbers = " or ".join(order.number for order in similar[:3])
        return Verdict((fitting or similar)[0], problem=f"What it names looks like order {numbers}.")
    named = [order for order in waiting.values() if _missing(order) == entry.amount and _is_by(order, entry.payer_name)]
    if len(named) == 1:
        return Verdict(named[0], problem=f"It names no order; the name and the amount are those of {named[0].number}.")
    return Verdict(None, problem="It names no order that we know.")


def transfer_of(order: Order) -> PaymentAttempt | None:
    return transfer_of_id(order.pk)


def transfer_of_id(order_id: int) -> PaymentAttempt | None:
    """The order's latest payment by transfer."""
    found = PaymentAttempt.objects.filter(order_id=order_id, provider=PaymentAttempt.Provider.TRANSFER)
    return found.order_by("-pk").first()


def _waiting(entry: StatementEntry) -> Sequence[Order]:
    """Orders that wait for a transfer in this currency, the latest first."""
    open_payments = PaymentAttempt.objects.filter(
        provider=PaymentAttempt.Provider.TRANSFER, state__in=(State.CREATED, State.OPEN), currency=entry.currency
    )
    orders = Order.objects.filter(status=PENDING, pk__in=open_payments.values("order_id"))
    return list(orders.select_related("billing_address").order_by("-pk")[:MOST_CANDIDATES])


def _missing(order: Order) -> Decimal:
    return order.total_incl_tax - received_of(order)


def _is_by(order: Order, name: str) -> bool:
    last = (order.billing_address.last_name if order.billing_address else "").casefold()
    return bool(last) and last in name.casefold()
