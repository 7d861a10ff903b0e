import functools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from oscar.apps.voucher.models import Voucher

from promotions.models import VoucherUse
from promotions.vouchers import VoucherRefused, check_voucher, release_vouchers, use_vouchers
from tests.inventory.shelf import run_at_once
from tests.promotions.merchant import DAY, make_offer, make_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PO03")]


def use(voucher: Voucher, number: int = 1, customer: str = "ann@example.com") -> list[VoucherUse]:
    return use_vouchers(claim=f"order:{number}", voucher_ids=[voucher.pk], customer_key=customer)


@pytest.mark.feature("PO04")
def test_unknown_early_expired_and_used_codes_get_one_and_the_same_sentence() -> None:
    now = timezone.now()
    offer = make_offer(offer_type="Voucher")
    make_voucher("EARLY", offer=offer, start_datetime=now + timedelta(minutes=5), end_datetime=now + DAY)
    make_voucher("OVER", offer=offer, start_datetime=now - DAY, end_datetime=now - timedelta(minutes=5))
    use(make_voucher("ONCE", offer=offer, usage=Voucher.SINGLE_USE))
    answers = [check_voucher(code) for code in ("NOSUCH", "EARLY", "OVER", "ONCE")]
    assert not any(answer.is_usable for answer in answers)
    assert {answer.sentence for answer in answers} == {
        "This voucher code cannot be used: check its spelling; it may also have expired or been used already."
    }
    details = [answer.staff_detail for answer in answers]
    assert details[0] == "There is no voucher with this code."
    assert details[1].startswith("It begins on ")
    assert details[2].startswith("It ended on ")
    assert details[3] == "It may be used once and an order holds it."


def test_codes_are_read_without_regard_to_case_and_spaces() -> None:
    voucher = make_voucher("WELCOME10")
    answer = check_voucher("  welcome10 ")
    assert (answer.is_usable, answer.voucher_id, answer.code) == (True, voucher.pk, "WELCOME10")


@pytest.mark.parametrize("code", ["", "   ", "A" * 10_000, "NUL\x00L", "'; DROP TABLE voucher_voucher; --", "🎁"])
def test_strange_codes_get_a_sentence(code: str) -> None:
    answer = check_voucher(code)
    assert not answer.is_usable
    assert answer.sentence.endswith(".")


def test_once_per_customer_follows_the_customer_and_says_so() -> None:
    voucher = make_voucher(usage=Voucher.ONCE_PER_CUSTOMER)
    use(voucher, 1, "Ann@Example.com")
    assert check_voucher("WELCOME10", "bob@example.com").is_usable
    assert check_voucher("WELCOME10").is_usable
    answer = check_voucher("WELCOME10", "ann@example.com")
    assert answer.sentence == (
        "WELCOME10 can be used once per customer, and an order with your e-mail address has used it."
    )
    with pytest.raises(VoucherRefused, match="once per customer"):
        use(voucher, 2, "ann@example.com")
    use(voucher, 3, "bob@example.com")


def test_the_same_order_again_holds_it_once() -> None:
    voucher = make_voucher(usage=Voucher.SINGLE_USE)
    assert use(voucher)[0].pk == use(voucher)[0].pk
    voucher.refresh_from_db()
    assert voucher.num_orders == 1


def test_a_cancelled_order_gives_the_voucher_back_once() -> None:
    voucher = make_voucher(usage=Voucher.SINGLE_USE)
    use(voucher, 1)
    with pytest.raises(VoucherRefused):
        use(voucher, 2)
    assert release_vouchers("order:1") == 1
    assert release_vouchers("order:1") == 0
    use(voucher, 2)
    voucher.refresh_from_db()
    assert voucher.num_orders == 1


def test_several_vouchers_are_held_all_or_none() -> None:
    offer = make_offer(offer_type="Voucher")
    free = make_voucher("FREE", offer=offer)
    used = make_voucher("USED", offer=offer, usage=Voucher.SINGLE_USE)
    use(used, 1)
    with pytest.raises(VoucherRefused):
        use_vouchers(claim="order:2", voucher_ids=[free.pk, used.pk], customer_key="bob@example.com")
    assert not VoucherUse.objects.filter(claim="order:2").exists()


def test_a_voucher_that_was_deleted_meanwhile_is_refused() -> None:
    with pytest.raises(VoucherRefused, match="cannot be used"):
        use_vouchers(claim="order:1", voucher_ids=[0], customer_key="")


def test_the_database_itself_refuses_a_second_live_use() -> None:
    voucher = make_voucher(usage=Voucher.SINGLE_USE)
    use(voucher, 1)
    with pytest.raises(IntegrityError, match="promotions_use_within_limit"), transaction.atomic():
        VoucherUse.objects.create(voucher=voucher, claim="order:2", customer_key="b", limit_key="once")


@pytest.mark.django_db(transaction=True)
def test_fifty_orders_at_once_share_a_single_use_voucher_as_one() -> None:
    voucher = make_voucher(usage=Voucher.SINGLE_USE)
    answers = run_at_once([functools.partial(use, voucher, number, f"{number}@example.com") for number in range(50)])
    assert sum(isinstance(answer, list) for answer in answers) == 1
    assert sum(isinstance(answer, VoucherRefused) for answer in answers) == 49
    assert VoucherUse.objects.filter(released_at__isnull=True).count() == 1
    voucher.refresh_from_db()
    assert voucher.num_orders == 1


@pytest.mark.django_db(transaction=True)
def test_two_vouchers_in_any_order_never_deadlock() -> None:
    offer = make_offer(offer_type="Voucher")
    ids = [make_voucher(code, offer=offer).pk for code in ("AAA", "BBB")]
    acts = [
        functools.partial(
            use_vouchers,
            claim=f"order:{number}",
            voucher_ids=ids if number % 2 else ids[::-1],
            customer_key=f"{number}@example.com",
        )
        for number in range(30)
    ]
    answers = run_at_once(acts)
    assert all(isinstance(answer, list) and len(answer) == 2 for answer in answers)
    assert set(Voucher.objects.values_list("num_orders", flat=True)) == {30}
