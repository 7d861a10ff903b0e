"""Count what orders take from offers with limits; Oscar's counters on the offer are carried along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest, Now
from oscar.apps.offer.models import ConditionalOffer

from promotions.models import OfferUse


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTaken:
    """What an order takes: from `AppliedOffer`, or one application for an offer on delivery."""

    offer_id: int
    applications: int
    amount: Decimal


class OfferUsedUp(Exception):
    """Another order took what was left of an offer's limit; nothing was written. The message is for the shopper."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"“{name}” has been used up meanwhile; your basket was priced again without it.")


@transaction.atomic
def use_offers(*, claim: str, taken: Sequence[OfferTaken], customer_key: str) -> list[OfferUse]:
    """Hold what the claim takes, all or nothing; raises OfferUsedUp.

    Locks the offers that have limits in the order of their keys and judges them under the lock; an offer without limits
    is not locked, so it does not make orders wait for each other, and its counters stay. The same claim again answers
    what it holds. The same offer by several vouchers counts once, with the sums.
    """
    customer = customer_key.strip().lower()
    wanted = _sum_by_offer(taken)
    limited = {offer.pk: offer for offer in _lock(wanted)}
    held = set(OfferUse.objects.filter(claim=claim, released_at__isnull=True).values_list("offer_id", flat=True))
    for offer_id in sorted(wanted.keys() - held):
        want = wanted[offer_id]
        offer = limited.get(offer_id)
        if offer is not None and not _has_room(offer, want, customer):
            raise OfferUsedUp(offer.name)
        OfferUse.objects.update_or_create(
            offer_id=offer_id,
            claim=claim,
            defaults={
                "customer_key": customer,
                "applications": want.applications,
                "amount": want.amount,
                "released_at": None,
            },
        )
        if offer is not None:
            _carry(offer, orders=1, applications=want.applications, amount=want.amount)
    return list(OfferUse.objects.filter(claim=claim, offer_id__in=wanted).order_by("offer_id"))


@transaction.atomic
def release_offers(claim: str) -> int:
    """Give back what the claim took; answers how many uses ended. Safe to repeat."""
    live = OfferUse.objects.filter(claim=claim, released_at__isnull=True)
    limited = {offer.pk: offer for offer in _lock(live.values_list("offer_id", flat=True))}
    uses = list(live.select_for_update(of=("self",)).order_by("offer_id"))
    for use in uses:
        if use.offer_id in limited:
            _carry(limited[use.offer_id], orders=-1, applications=-use.applications, amount=-use.amount)
    OfferUse.objects.filter(pk__in=[use.pk for use in uses]).update(released_at=Now())
    return len(uses)


def _sum_by_offer(taken: Sequence[OfferTaken]) -> dict[int, OfferTaken]:
    wanted: dict[int, OfferTaken] = {}
    for one in taken:
        before = wanted.get(one.offer_id, OfferTaken(offer_id=one.offer_id, applications=0, amount=Decimal(0)))
        wanted[one.offer_id] = OfferTaken(
            offer_id=one.offer_id,
            applications=before.applications + one.applications,
            amount=before.amount + one.amount,
        )
    return wanted


def _lock(offer_ids: Iterable[int]) -> list[ConditionalOffer]:
    """The only lock for the limits of offers; answers those that have any."""
    limited = (
        Q(max_global_applications__isnull=False)
        | Q(max_discount__isnull=False)
        | Q(max_user_applications__isnull=False)
    )
    offers = ConditionalOffer.objects.filter(limited, pk__in=set(offer_ids)).order_by("pk")
    return list(offers.select_for_update(no_key=True))


def _has_room(offer: ConditionalOffer, want: OfferTaken, customer_key: str) -> bool:
    """By the live uses; the offer's counters also hold, for what was counted before there were uses."""
    live = OfferUse.objects.filter(offer=offer, released_at__isnull=True)
    used = live.aggregate(
        all_applications=Sum("applications", default=0),
        all_amount=Sum("amount", default=Decimal(0)),
        mine=Sum("applications", filter=Q(customer_key=customer_key), default=0),
    )
    applications = max(used["all_applications"], offer.num_applications) + want.applications
    amount = max(used["all_amount"], offer.total_discount) + want.amount
    return not (
        (offer.max_global_applications and applications > offer.max_global_applications)
        or (offer.max_discount and amount > offer.max_discount)
        or (offer.max_user_applications and used["mine"] + want.applications > offer.max_user_applications)
    )


def _carry(offer: ConditionalOffer, *, orders: int, applications: int, amount: Decimal) -> None:
    """Oscar's counters; never below zero, since an offer may have had no limits when it was used."""
    ConditionalOffer.objects.filter(pk=offer.pk).update(
        num_orders=Greatest(F("num_orders") + orders, 0),
        num_applications=Greatest(F("num_applications") + applications, 0),
        total_discount=Greatest(F("total_discount") + amount, Decimal(0)),
    )
