"""Voucher codes: used with a click, taken off with another; ten wrong ones, then a pause."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from checkout.models import WrongCode
from tests.shopfloor import make_product, open_shop

pytestmark = pytest.mark.django_db

SAME_FOR_ALL = "This voucher code cannot be used"


@pytest.fixture
def voucher() -> Voucher:
    now = timezone.now()
    voucher = Voucher.objects.create(
        name="Welcome", code="WELCOME-8", start_datetime=now - timedelta(days=1), end_datetime=now + timedelta(days=1)
    )
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    offer = ConditionalOffer.objects.create(
        name="Welcome",
        offer_type=ConditionalOffer.VOUCHER,
        condition=Condition.objects.create(range=everything, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(range=everything, type=Benefit.FIXED, value=Decimal("5.00")),
    )
    voucher.offers.add(offer)
    return voucher


@pytest.fixture
def shopper(client: Client) -> Client:
    open_shop()
    client.post(f"/basket/add/{make_product('Mug', price='20.00').pk}/")
    return client


def try_code(client: Client, code: str) -> str:
    return client.post("/basket/voucher/", {"code": code}, follow=True).content.decode()


def test_a_code_takes_off_what_it_says_and_goes_again(shopper: Client, voucher: Voucher) -> None:
    page = try_code(shopper, "  welcome-8 ")
    assert "Code WELCOME-8 is on your basket." in page
    assert "-5.00 EUR" in page
    assert "15.00 EUR" in page
    page = shopper.post(f"/basket/voucher/remove/{voucher.pk}/", follow=True).content.decode()
    assert "The code was taken off your basket." in page
    assert "-5.00 EUR" not in page


def test_a_code_that_ended_meanwhile_says_so_and_gives_nothing(shopper: Client, voucher: Voucher) -> None:
    try_code(shopper, voucher.code)
    Voucher.objects.update(end_datetime=timezone.now() - timedelta(seconds=1))
    page = shopper.get("/basket/").content.decode()
    assert SAME_FOR_ALL in page
    assert "-5.00 EUR" not in page


@pytest.mark.parametrize("code", ["", "NOPE", "x" * 5000, "\x00", "' OR 1=1 --", "WELCOME‑8"])
def test_a_wrong_code_gets_a_sentence(shopper: Client, voucher: Voucher, code: str) -> None:
    page = try_code(shopper, code)
    assert SAME_FOR_ALL in page or "Enter a voucher code" in page


def test_after_ten_wrong_codes_even_the_right_one_waits(shopper: Client, voucher: Voucher) -> None:
    for number in range(10):
        assert SAME_FOR_ALL in try_code(shopper, f"GUESS-{number}")
    assert "Please wait ten minutes" in try_code(shopper, voucher.code)
    assert "-5.00 EUR" not in shopper.get("/basket/").content.decode()
    # A new basket from the same address is no way around.
    other = Client()
    other.post(f"/basket/add/{make_product().pk}/")
    assert "Please wait ten minutes" in try_code(other, voucher.code)
    # Another address is not held up by its neighbour.
    far = Client(REMOTE_ADDR="203.0.113.9")
    far.post(f"/basket/add/{make_product().pk}/")
    assert "is on your basket" in try_code(far, voucher.code)


def test_the_pause_ends_by_the_clock_of_the_database(shopper: Client, voucher: Voucher) -> None:
    for number in range(10):
        try_code(shopper, f"GUESS-{number}")
    WrongCode.objects.update(at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert "is on your basket" in try_code(shopper, voucher.code)


def test_addresses_are_not_kept(shopper: Client) -> None:
    try_code(shopper, "NOPE")
    assert WrongCode.objects.count() == 2
    assert not WrongCode.objects.filter(source__contains="127.0.0.1").exists()


def test_no_more_than_five_codes_on_a_basket(shopper: Client, voucher: Voucher) -> None:
    for number in range(5):
        Voucher.objects.create(
            name=f"V{number}",
            code=f"V{number}",
            start_datetime=voucher.start_datetime,
            end_datetime=voucher.end_datetime,
        )
        try_code(shopper, f"V{number}")
    assert "A basket takes 5 codes" in try_code(shopper, voucher.code)
