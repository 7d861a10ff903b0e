from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from oscar.apps.offer.models import ConditionalOffer

from promotions.apply import apply_offers
from promotions.offer_uses import OfferTaken, OfferUsedUp, release_offers, use_offers
from promotions.offers import load_offers
from promotions.rules import ABSOLUTE
from tests.promotions.merchant import DAY, make_offer, make_product, make_voucher, priced

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PO02")]


def names() -> list[str]:
    return [offer.name for offer in load_offers()]


def take(
    offer: ConditionalOffer, *, claim: str = "order:1", customer: str = "a@example.com", amount: str = "5"
) -> None:
    use_offers(
        claim=claim,
        taken=[OfferTaken(offer_id=offer.pk, applications=1, amount=Decimal(amount))],
        customer_key=customer,
    )


def test_the_windows_of_offers_are_judged_by_the_database() -> None:
    now = timezone.now()
    make_offer("Always")
    make_offer("Began", start_datetime=now - timedelta(seconds=1))
    make_offer("Not yet", start_datetime=now + timedelta(minutes=1))
    make_offer("Over", end_datetime=now - timedelta(seconds=1))
    make_offer("Running", start_datetime=now - DAY, end_datetime=now + DAY)
    assert sorted(names()) == ["Always", "Began", "Running"]


def test_suspended_offers_and_those_of_a_voucher_nobody_entered_stay_out() -> None:
    make_offer("Suspended", status=ConditionalOffer.SUSPENDED)
    voucher = make_voucher("SPRING")
    assert names() == []
    assert [offer.voucher_code for offer in load_offers(voucher_ids=[voucher.pk])] == ["SPRING"]


def test_a_voucher_outside_its_window_brings_nothing() -> None:
    now = timezone.now()
    over = make_voucher("OVER", start_datetime=now - DAY, end_datetime=now - timedelta(seconds=1))
    early = make_voucher("EARLY", start_datetime=now + timedelta(minutes=1), end_datetime=now + DAY)
    assert load_offers(voucher_ids=[over.pk, early.pk]) == ()


def test_the_limits_of_an_offer_come_with_what_is_left_of_them() -> None:
    make_offer(
        "Limited",
        max_basket_applications=5,
        max_global_applications=10,
        num_applications=7,
        max_discount=Decimal(100),
        total_discount=Decimal("92.50"),
    )
    (offer,) = load_offers()
    assert (offer.max_applications, offer.max_discount) == (3, Decimal("7.50"))


def test_a_used_up_offer_says_so() -> None:
    make_offer("Used up", max_global_applications=7, num_applications=7)
    given = apply_offers(priced(make_product()), load_offers(), "EUR")
    assert given.refused[0].reason == "“Used up” has been used up."


def test_uses_count_against_the_limit_until_they_are_released() -> None:
    offer = make_offer(benefit=(ABSOLUTE, "5"), max_global_applications=1)
    take(offer)
    take(offer)
    offer.refresh_from_db()
    assert (offer.num_applications, offer.num_orders, offer.total_discount) == (1, 1, Decimal("5.00"))
    with pytest.raises(OfferUsedUp, match="has been used up meanwhile"):
        take(offer, claim="order:2")
    assert release_offers("order:1") == 1
    assert release_offers("order:1") == 0
    take(offer, claim="order:2")


def test_a_limit_per_customer_follows_the_customer() -> None:
    offer = make_offer(max_user_applications=1)
    take(offer, customer="Ann@example.com ")
    assert load_offers(customer_key="ann@example.com")[0].max_applications == 0
    assert load_offers(customer_key="bob@example.com")[0].max_applications > 0
    with pytest.raises(OfferUsedUp):
        take(offer, claim="order:2", customer="ann@example.com")
    take(offer, claim="order:2", customer="bob@example.com")


def test_a_budget_is_not_overdrawn() -> None:
    offer = make_offer(max_discount=Decimal(8))
    take(offer, amount="5")
    with pytest.raises(OfferUsedUp):
        take(offer, claim="order:2", amount="5")
    take(offer, claim="order:2", amount="3")


def test_a_limit_that_is_set_later_counts_the_uses_from_before() -> None:
    offer = make_offer()
    take(offer)
    ConditionalOffer.objects.filter(pk=offer.pk).update(max_global_applications=1)
    assert load_offers()[0].max_applications == 0
    assert release_offers("order:1") == 1
    assert load_offers()[0].max_applications == 1
