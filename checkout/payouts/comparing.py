"""Compare what payouts consist of with our payments and refunds: unknown money, other amounts, fees that drifted."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, Sum

from checkout.payments.difference import Difference
from checkout.payouts.records import Payout, PayoutItem
from shop.money import ZERO, format_money

Kind = PayoutItem.Kind


def compare_payouts(*, since: datetime) -> Iterator[Difference]:
    """Of the payouts that were made since then. Three questions, whatever their number."""
    payouts = Payout.objects.filter(made_at__gte=since, is_split=True)
    yield from _find_wrong_sums(payouts)
    items = PayoutItem.objects.filter(payout__in=payouts).select_related("payout", "attempt__order", "refund")
    ours = Q(kind=Kind.ORDER, attempt__isnull=True) | Q(kind=Kind.REFUND, refund__isnull=True)
    for item in items.filter(ours).order_by("pk"):
        yield Difference(
            kind="unknown in payout",
            ref=item.movement_id,
            order=item.attempt.order.number if item.attempt is not None else "",
            sentence=f"{item.payout.provider_id} holds {item.amount} {item.payout.currency} of"
            f" {item.refund_ref or item.intent_id or item.words}, of which we have no {item.kind}.",
            proposal="Find out on the provider's pages what it belongs to; it may be another shop's of the same account.",
        )
    same = items.filter(attempt__currency=F("payout__currency"))
    # Of a payment that was taken in steps each step is a movement of its own; the doctor sums them up (I4.7).
    drifted = Q(kind=Kind.ORDER, attempt__takes_parts=False) & (
        ~Q(amount=F("attempt__captured")) | (Q(attempt__fee__isnull=False) & ~Q(fee=F("attempt__fee")))
    )
    other = Q(kind=Kind.REFUND, amount__lt=0, refund__isnull=False) & ~Q(amount=-F("refund__amount"))
    for item in same.filter(drifted | other).order_by("pk"):
        yield _compare(item)


def _find_wrong_sums(payouts: object) -> Iterator[Difference]:
    summed = Payout.objects.filter(pk__in=payouts).annotate(parts=Sum("items__net")).exclude(parts=F("amount"))  # type: ignore[misc]
    for payout in summed.order_by("pk"):
        yield Difference(
            kind="payout sum",
            ref=payout.provider_id,
            order="",
            sentence=f"The payout is {format_money(payout.amount, payout.currency)}; what it consists of comes to"
            f" {format_money(payout.parts, payout.currency)}.",
            proposal="Ask the provider for the report of this payout; book nothing by hand.",
        )


def _compare(item: PayoutItem) -> Difference:
    assert item.attempt is not None
    number, currency = item.attempt.order.number, item.payout.currency
    if item.kind == Kind.REFUND:
        assert item.refund is not None
        ours, theirs, what = item.refund.amount, -item.amount, f"refund {item.refund.pk}"
    elif item.amount != item.attempt.captured:
        ours, theirs, what = item.attempt.captured, item.amount, f"payment {item.attempt.pk}"
    else:
        return Difference(
            kind="fee",
            ref=item.movement_id,
            order=number,
            sentence=f"{item.payout.provider_id} took a fee of {format_money(item.fee, currency)} for order {number};"
            f" when it was paid the fee was {format_money(item.attempt.fee or ZERO, currency)}.",
            proposal="Compare with the price list of the provider.",
        )
    return Difference(
        kind="amount in payout",
        ref=item.movement_id,
        order=number,
        sentence=f"{item.payout.provider_id} holds {format_money(theirs, currency)} of our {what} over"
        f" {format_money(ours, currency)}.",
        proposal="Look at the order's timeline and at the provider's page of that payment.",
    )
