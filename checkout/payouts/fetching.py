"""Fetch payouts from the provider and write down, once, what each consists of. No money moves here."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from checkout.payments.gateway import get_gateway
from checkout.payments.records import PaymentAttempt, Refund
from checkout.payouts.records import Payout, PayoutItem
from checkout.payouts.truth import MovementTruth, PayoutTruth


def fetch_payouts(*, since: datetime) -> int:
    """How many payouts were split now. Safe at any time, twice, and beside itself. Raises ProviderUnavailable."""
    gateway = get_gateway()
    known = dict(Payout.objects.filter(made_at__gte=since).values_list("provider_id", "is_split"))
    split = 0
    for truth in list(gateway.payouts_since(since)):
        is_new = truth.is_automatic and truth.is_split and not known.get(truth.id, False)
        movements = gateway.movements_of(truth.id) if is_new else []
        split += store_payout(truth, movements)
    return split


@transaction.atomic
def store_payout(truth: PayoutTruth, movements: Sequence[MovementTruth]) -> bool:
    """Bring our row in step; True when its movements were written now.

    A movement that another payout has already is left there: the sum then shows it.
    """
    fields = {"amount": truth.amount, "currency": truth.currency, "state": truth.state, "fetched_at": Now()}
    dates = {"made_at": truth.made_at, "arrives_at": truth.arrives_at, "is_automatic": truth.is_automatic}
    Payout.objects.get_or_create(provider_id=truth.id, defaults={**fields, **dates})
    payout = Payout.objects.select_for_update(of=("self",)).get(provider_id=truth.id)
    Payout.objects.filter(pk=payout.pk).update(**fields, arrives_at=truth.arrives_at)
    if payout.is_split or not movements:
        return False
    elsewhere = PayoutItem.objects.filter(movement_id__in=[one.id for one in movements])
    taken = set(elsewhere.values_list("movement_id", flat=True))
    fresh = [one for one in movements if one.id not in taken]
    attempts = {
        one.intent_id: one for one in PaymentAttempt.objects.filter(intent_id__in={m.intent_id for m in fresh} - {""})
    }
    refunds = {
        one.provider_id: one for one in Refund.objects.filter(provider_id__in={m.refund_id for m in fresh} - {""})
    }
    PayoutItem.objects.bulk_create(
        PayoutItem(
            payout=payout,
            movement_id=one.id,
            kind=one.kind,
            amount=one.amount,
            fee=one.fee,
            net=one.net,
            intent_id=one.intent_id,
            refund_ref=one.refund_id,
            words=one.words,
            at=one.at,
            attempt=attempts.get(one.intent_id),
            refund=refunds.get(one.refund_id),
        )
        for one in fresh
    )
    for one in fresh:
        if one.kind == "order" and one.intent_id in attempts:
            PaymentAttempt.objects.filter(pk=attempts[one.intent_id].pk, fee__isnull=True).update(fee=one.fee)
    Payout.objects.filter(pk=payout.pk).update(is_split=True)
    return True
