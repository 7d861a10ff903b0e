"""F3: fifty shoppers place with the same single-use code at the same moment; one gets it, the others are told in words."""

import pytest
from oscar.apps.order.models import Order
from oscar.apps.voucher.models import Voucher

from checkout.models import PaymentAttempt
from checkout.placement import QuoteChanged, place_order
from inventory.models import Reservation
from promotions.models import VoucherUse
from promotions.vouchers import VoucherRefused
from tests.checkout.placement.test_many_buyers_at_once import run_at_once
from tests.checkout.till import broken_invariants
from tests.promotions.merchant import make_voucher
from tests.shopfloor import make_basket, make_draft, make_product, quote_of

BUYERS = 50


@pytest.mark.django_db(transaction=True)
def test_one_use_one_order_and_no_claim_of_the_others_stays() -> None:
    voucher, thing = make_voucher("ONCE", usage=Voucher.SINGLE_USE), make_product(stock=100)
    drafts = []
    for number in range(BUYERS):
        basket = make_basket(thing)
        basket.vouchers.add(voucher)
        drafts.append(make_draft(basket=basket, email=f"buyer{number}@example.org"))
    shown = [quote_of(draft).digest for draft in drafts]
    answers = run_at_once(
        [lambda d=draft, s=seen: place_order(d.pk, shown_digest=s) for draft, seen in zip(drafts, shown, strict=True)]
    )
    losers = [answer for answer in answers if isinstance(answer, Exception)]
    assert {type(loser) for loser in losers} <= {VoucherRefused, QuoteChanged}
    assert len(losers) == BUYERS - 1
    assert (Order.objects.count(), VoucherUse.objects.count(), PaymentAttempt.objects.count()) == (1, 1, 1)
    assert Reservation.objects.count() == 1
    assert broken_invariants() == []
