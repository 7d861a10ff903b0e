from decimal import Decimal

import pytest
from django.db import connection
from oscar.apps.voucher.models import Voucher

from promotions.invariants import CHECKS
from promotions.offer_uses import OfferTaken, use_offers
from promotions.vouchers import release_vouchers, use_vouchers
from shop.doctor.checks import registered_checks, run_check
from tests.promotions.merchant import make_offer, make_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PO03")]


@pytest.fixture
def used_codes() -> None:
    offer = make_offer(offer_type="Voucher", max_global_applications=3, max_discount=Decimal(30))
    once = make_voucher("ONCE", offer=offer, usage=Voucher.SINGLE_USE)
    each = make_voucher("EACH", offer=offer, usage=Voucher.ONCE_PER_CUSTOMER)
    for number in (1, 2):
        ids = [each.pk] if number == 2 else [once.pk, each.pk]
        use_vouchers(claim=f"order:{number}", voucher_ids=ids, customer_key=f"{number}@example.com")
        taken = [OfferTaken(offer_id=offer.pk, applications=1, amount=Decimal(10))]
        use_offers(claim=f"order:{number}", taken=taken, customer_key=f"{number}@example.com")
    use_vouchers(claim="order:3", voucher_ids=[each.pk], customer_key="3@example.com")
    release_vouchers("order:3")


def violations() -> dict[str, int]:
    return {check.name: found for check in CHECKS if (found := run_check(check).violations)}


def test_honest_work_leaves_nothing_to_find(used_codes: None) -> None:
    assert violations() == {}
    assert {check.name for check in CHECKS} <= {check.name for check in registered_checks()}


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (
            "No voucher is held more often than it may be",
            "UPDATE promotions_voucheruse SET customer_key = 'one@example.com', limit_key = NULL",
        ),
        (
            "No voucher is held more often than it may be",
            "UPDATE voucher_voucher SET usage = 'Single use'",
        ),
        (
            "A voucher's number of orders is the number of its live uses",
            "UPDATE voucher_voucher SET num_orders = num_orders + 1 WHERE code = 'ONCE'",
        ),
        (
            "No offer has given more than its limits allow",
            "UPDATE promotions_offeruse SET applications = 3",
        ),
        (
            "No offer has given more than its limits allow",
            "UPDATE promotions_offeruse SET amount = 20",
        ),
    ],
)
def test_damage_is_found_with_the_rows_that_show_it(used_codes: None, name: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(violations()) == [name]
    assert run_check(next(check for check in CHECKS if check.name == name)).examples
