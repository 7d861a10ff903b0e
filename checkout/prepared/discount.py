"""The discount of a prepared order: a voucher for exactly these things, so many of them, once."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range, RangeProduct
from oscar.apps.voucher.models import Voucher

FIRST = 10_000
"""Before every other offer."""
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def make_voucher(lines: Sequence[BasketLine], *, percent: Decimal, starts: datetime, ends: datetime) -> Voucher:
    """`lines` are those of one basket. In the caller's transaction. The basket gets it by its code, like any other."""
    code = "".join(secrets.choice(LETTERS) for _ in range(12))
    goods = Range.objects.create(name=f"Prepared order {code}")
    RangeProduct.objects.bulk_create(
        RangeProduct(range=goods, product_id=product_id) for product_id in {line.product_id for line in lines}
    )
    offer = ConditionalOffer.objects.create(
        name=f"Agreed discount no. {lines[0].basket_id}",
        offer_type=ConditionalOffer.VOUCHER,
        priority=FIRST,
        condition=Condition.objects.create(range=goods, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(
            range=goods,
            type=Benefit.PERCENTAGE,
            value=percent,
            max_affected_items=sum(line.quantity for line in lines),
        ),
        max_basket_applications=1,
    )
    voucher = Voucher.objects.create(
        name=f"Prepared order {code}",
        code=code,
        usage=Voucher.SINGLE_USE,
        start_datetime=starts,
        end_datetime=ends,
    )
    voucher.offers.add(offer)
    return voucher
