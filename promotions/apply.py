"""Apply offers to a basket. Pure: the same lines and offers give the same cents, in whatever order they come.

Offers go by priority, highest first; at equal priority a voucher's before the site's, then the older one. A unit that
an offer has used is closed to every offer that may not join it (see `Offer.can_join`). An offer is repeated while its
condition is met by open units, up to its limits. No line loses more than it is worth.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from promotions import conditions
from promotions.benefits import Progress, apply_benefit
from promotions.refusals import explain_refusal
from promotions.rules import (
    SHIPPING_KINDS,
    AppliedOffer,
    Discounts,
    Offer,
    PricedLine,
    RefusedOffer,
    ShippingOffer,
)
from promotions.units import UnitPool
from shop.money import ZERO


def apply_offers(lines: Sequence[PricedLine], offers: Sequence[Offer], currency: str) -> Discounts:
    """Discounts per line, per offer, and why each other offer gave nothing."""
    ranked = sorted(offers, key=lambda o: (-o.priority, not o.voucher_code, o.id, o.voucher_code))
    pool = UnitPool(lines, ranked, currency)
    applied: list[AppliedOffer] = []
    refused: list[RefusedOffer] = []
    shipping: list[ShippingOffer] = []
    for offer in ranked:
        if offer.is_understood and offer.benefit.kind in SHIPPING_KINDS:
            if offer.max_applications > 0 and conditions.is_met(pool, offer):
                conditions.use_up(pool, offer, already={})
                shipping.append(_describe_shipping(offer))
                continue
        elif offer.is_understood and (given := _repeat(pool, offer, currency)).applications:
            applied.append(_describe(offer, given))
            continue
        reason = explain_refusal(pool, offer, ranked, lines, currency)
        refused.append(RefusedOffer(offer_id=offer.id, name=offer.name, voucher_code=offer.voucher_code, reason=reason))
    totals: dict[Any, Decimal] = {line.key: ZERO for line in lines}
    for one in applied:
        for key, amount in one.per_line.items():
            totals[key] += amount
    return Discounts(line_discounts=totals, applied=tuple(applied), refused=tuple(refused), shipping=tuple(shipping))


def _repeat(pool: UnitPool, offer: Offer, currency: str) -> Progress:
    progress = Progress()
    while (
        progress.applications < offer.max_applications
        and conditions.is_met(pool, offer)
        and apply_benefit(pool, offer, progress, currency)
    ):
        pass
    return progress


def _describe(offer: Offer, given: Progress) -> AppliedOffer:
    return AppliedOffer(
        offer_id=offer.id,
        name=offer.name,
        voucher_id=offer.voucher_id,
        voucher_code=offer.voucher_code,
        amount=given.amount,
        applications=given.applications,
        per_line={key: amount for key, amount in given.per_line.items() if amount},
    )


def _describe_shipping(offer: Offer) -> ShippingOffer:
    return ShippingOffer(
        offer_id=offer.id,
        name=offer.name,
        voucher_id=offer.voucher_id,
        voucher_code=offer.voucher_code,
        kind=offer.benefit.kind,
        value=offer.benefit.value,
        max_discount=offer.max_discount,
        can_stack=not offer.exclusive,
    )
