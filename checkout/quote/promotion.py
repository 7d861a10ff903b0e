"""Offers on a basket, from the promotions room's words to the quote's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checkout.quote.figures import Discount, Item, Refused
from promotions.apply import apply_offers
from promotions.delivery import discount_delivery
from promotions.offers import load_offers
from promotions.rules import SHIPPING_KINDS, Offer, PricedLine, ShippingOffer
from promotions.vouchers import check_voucher
from shipping.rates.quote import Rate as ShippingRate
from shop.money import ZERO


@dataclass(frozen=True, slots=True)
class Promotions:
    """Discounts on the goods, what was refused and why, and the offers earned on delivery."""

    discounts: tuple[Discount, ...]
    refused: tuple[Refused, ...]
    delivery: tuple[ShippingOffer, ...]

    def on_delivery(self, rate: ShippingRate, *, currency: str) -> list[Discount]:
        """What these offers take off one method's charge."""
        return [
            Discount(
                offer_id=one.offer_id,
                name=one.name,
                voucher_id=one.voucher_id,
                voucher_code=one.voucher_code,
                amount=one.amount,
                per_line={},
                is_shipping=True,
            )
            for one in discount_delivery(self.delivery, charge=rate.price, currency=currency)
        ]

    def reduce(self, rate: ShippingRate, *, currency: str) -> ShippingRate:
        """The method at the charge that the shopper would pay, for the list of choices."""
        off = sum((one.amount for one in self.on_delivery(rate, currency=currency)), ZERO)
        return replace(rate, price=rate.price - off)


def apply_promotions(
    items: Sequence[Item], *, vouchers: Mapping[str, int], customer_key: str, currency: str
) -> Promotions:
    """`items` at displayed prices; `vouchers` are ids by code. A constant number of queries, and two per code."""
    answers = {code: check_voucher(code, customer_key) for code in vouchers}
    usable = [vouchers[code] for code, answer in answers.items() if answer.is_usable]
    product_ids = {item.product_id for item in items} | {item.parent_id for item in items if item.parent_id}
    offers = load_offers(voucher_ids=usable, product_ids=product_ids, customer_key=customer_key)
    given = apply_offers([_priced_line(item) for item in items], offers, currency)
    discounts = tuple(
        Discount(
            offer_id=one.offer_id,
            name=one.name,
            voucher_id=one.voucher_id,
            voucher_code=one.voucher_code,
            amount=one.amount,
            per_line=one.per_line,
            applications=one.applications,
        )
        for one in given.applied
    )
    refused = [
        Refused(name=one.name, voucher_code=one.voucher_code, reason=one.reason)
        for one in given.refused
        if one.voucher_code or one.offer_id not in _idle_offers(offers, items)
    ]
    heard = {offer.voucher_code for offer in offers}
    refused += [_explain_dead_code(code, answer.sentence) for code, answer in answers.items() if code not in heard]
    return Promotions(discounts=discounts, refused=tuple(refused), delivery=given.shipping)


def _idle_offers(offers: Sequence[Offer], items: Sequence[Item]) -> set[int]:
    """Those on delivery when nothing travels: nobody is told to add to a download for a parcel that there is not."""
    if any(item.needs_parcel for item in items):
        return set()
    return {offer.id for offer in offers if offer.benefit.kind in SHIPPING_KINDS}


def _priced_line(item: Item) -> PricedLine:
    return PricedLine(
        key=item.key,
        product_id=item.product_id,
        parent_id=item.parent_id,
        stock_record_id=item.stock_record_id,
        unit_price=item.unit_price,
        quantity=item.quantity,
        category_ids=item.category_ids,
        product_class_id=item.product_class_id,
        is_discountable=item.is_discountable,
    )


def _explain_dead_code(code: str, sentence: str) -> Refused:
    return Refused(name=code, voucher_code=code, reason=sentence or "This code gives nothing at the moment.")
