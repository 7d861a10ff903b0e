"""Apply the delivery offers that a basket has earned to the charge of a delivery method. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from promotions.rules import SHIPPING_ABSOLUTE, SHIPPING_FIXED_PRICE, ShippingOffer
from shop.money import ZERO, round_money, smallest_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDiscount:
    """What one offer took off the delivery charge."""

    offer_id: int
    name: str
    voucher_id: int | None
    voucher_code: str
    amount: Decimal


def discount_delivery(
    offers: Sequence[ShippingOffer], *, charge: Decimal, currency: str
) -> tuple[DeliveryDiscount, ...]:
    """`offers` as in `Discounts.shipping`, in order. Offers that may not stack stay alone: the first that gives wins.

    The sum never exceeds the charge.
    """
    given: list[DeliveryDiscount] = []
    left, stacks = charge, True
    for offer in offers:
        if given and not (offer.can_stack and stacks):
            continue
        amount = min(round_money(_reduction(offer, left, currency), currency), left)
        if amount > 0:
            left -= amount
            stacks = offer.can_stack
            given.append(
                DeliveryDiscount(
                    offer_id=offer.offer_id,
                    name=offer.name,
                    voucher_id=offer.voucher_id,
                    voucher_code=offer.voucher_code,
                    amount=amount,
                )
            )
    return tuple(given)


def _reduction(offer: ShippingOffer, charge: Decimal, currency: str) -> Decimal:
    if offer.kind == SHIPPING_FIXED_PRICE:
        amount = max(charge - offer.value, ZERO)
    elif offer.kind == SHIPPING_ABSOLUTE:
        amount = min(offer.value, charge)
    else:
        amount = charge * min(offer.value, Decimal(100)) / 100
    if offer.max_discount is not None:
        amount = min(amount, offer.max_discount.quantize(smallest_amount(currency), rounding=ROUND_DOWN))
    return amount
