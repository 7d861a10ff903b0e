"""Each invariant of this room can fail: the damage is seeded past the shop's own functions, and the doctor names it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from oscar.apps.order.models import Line, Order

from checkout import invariants
from checkout.models import Mail, OrderEvent, PaymentAttempt, PlacedOrder, ProviderEvent, Refund
from checkout.payments.refund import refund_payment
from inventory.models import Allocation
from promotions.models import VoucherUse
from shop.doctor.checks import registered_checks, run_check
from shop.outbox.models import OutboxEvent
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs
from tests.inventory.test_the_doctor_finds_damaged_stock import damage as damage_rows
from tests.shopfloor import make_order, make_product

pytestmark = pytest.mark.django_db


def run_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def put_state(order: Order, state: str) -> None:
    run_sql(
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE order_order DISABLE TRIGGER order_state_guard",
        f"UPDATE order_order SET status = '{state}' WHERE id = {order.pk}",
        "ALTER TABLE order_order ENABLE TRIGGER order_state_guard",
    )


def make_voucher(usage: str) -> Any:
    from oscar.apps.voucher.models import Voucher

    return Voucher.objects.create(
        name=usage,
        code=usage.upper().replace(" ", ""),
        usage=usage,
        start_datetime=Now() - timedelta(days=1),
        end_datetime=Now() + timedelta(days=1),
    )


def charge_less(order: Order) -> None:
    PaymentAttempt.objects.filter(order=order).update(captured=Decimal("1.00"), refunded=0)


def cancel_and_keep_the_money(order: Order) -> None:
    put_state(order, "cancelled")


def forget_a_refund(order: Order) -> None:
    PaymentAttempt.objects.filter(order=order).update(refunded=Decimal("1.00"))


def lose_the_providers_refund(order: Order) -> None:
    refund = refund_payment(
        attempt_id=payment_of(order).pk, amount=Decimal("1.00"), key="k", reason="A test.", actor_name="tests"
    )
    Refund.objects.filter(pk=refund.pk).update(state="succeeded", provider_id="")


def lose_an_allocation(order: Order) -> None:
    Allocation.objects.filter(claim=f"order:{order.pk}").update(cancelled=1)


def change_a_line(order: Order) -> None:
    Line.objects.filter(order=order).update(line_price_incl_tax=Decimal("0.01"))


def change_the_quote(order: Order) -> None:
    damage_rows("UPDATE checkout_placedorder SET quote = jsonb_set(quote, '{total}', '\"1.00\"')")


def change_the_tax_of_the_quote(order: Order) -> None:
    damage_rows("UPDATE checkout_placedorder SET quote = jsonb_set(quote, '{taxes,0,tax}', '\"0.01\"')")


def use_a_voucher_for_nothing(order: Order) -> None:
    VoucherUse.objects.create(voucher=make_voucher("Multi-use"), claim="order:0", customer_key="a@example.com")


def use_a_voucher_twice(order: Order) -> None:
    voucher = make_voucher("Single use")
    other = make_order(email="grace@example.com")
    for one in (order, other):
        VoucherUse.objects.create(voucher=voucher, claim=f"order:{one.pk}", customer_key=f"{one.pk}@example.com")


def confirm_twice(order: Order) -> None:
    first = Mail.objects.get(order=order, kind="order_confirmed")
    first.pk, first.key, first.message_id = None, "other", "<other@testserver>"
    first.save(force_insert=True)


def forget_to_announce(order: Order) -> None:
    OutboxEvent.objects.filter(name="order.paid").delete()


def lose_the_record(order: Order) -> None:
    damage_rows(f"UPDATE order_order SET shipping_address_id = NULL WHERE id = {order.pk}")


def move_past_the_timeline(order: Order) -> None:
    put_state(order, "shipped")


def leave_a_job(order: Order) -> None:
    OutboxEvent.objects.filter(name="mail.queued").update(done_at=None, available_at=Now() - timedelta(hours=1))


def park_without_a_reason(order: Order) -> None:
    OutboxEvent.objects.filter(name="mail.queued").update(done_at=None, parked_at=Now(), last_error="")


def store_an_event_without_its_job(order: Order) -> None:
    ProviderEvent.objects.create(event_id="evt_lost", kind="refund.updated", payload={})


def let_an_order_wait(order: Order) -> None:
    waiting = make_order(email="grace@example.com")
    PlacedOrder.objects.filter(pk=waiting.pk).update(pay_until=Now() - timedelta(hours=1))


def tell_twice(order: Order) -> None:
    OrderEvent.objects.create(order=order, kind="state", message="Again.", to_state="paid", actor_name="tests")


DAMAGES: list[tuple[str, Callable[[Order], None]]] = [
    ("I3.1", charge_less),
    ("I3.2", cancel_and_keep_the_money),
    ("I4.1", forget_a_refund),
    ("I4.2", lose_the_providers_refund),
    ("I5.1", lose_an_allocation),
    ("I6.1", change_a_line),
    ("I6.2", change_the_quote),
    ("I6.2", change_the_tax_of_the_quote),
    ("I7.1", use_a_voucher_for_nothing),
    ("I7.2", use_a_voucher_twice),
    ("I8.1", confirm_twice),
    ("I8.2", forget_to_announce),
    ("I9.1", lose_the_record),
    ("I9.2", move_past_the_timeline),
    ("I10.1", leave_a_job),
    ("I10.1", park_without_a_reason),
    ("I10.2", store_an_event_without_its_job),
    ("I10.3", let_an_order_wait),
    ("I12.1", tell_twice),
]


@pytest.mark.parametrize(("check_id", "damage"), DAMAGES, ids=lambda value: getattr(value, "__name__", value))
def test_the_damage_is_found(till: Till, check_id: str, damage: Callable[[Order], None]) -> None:
    order = make_order((make_product(price="20.00"), 2))
    till.pay(order)
    till.deliver()
    run_jobs()
    (check,) = [one for one in invariants.CHECKS if one.id == check_id]
    assert run_check(check).violations == 0
    damage(order)
    found = run_check(check)
    assert found.violations >= 1
    assert found.examples
    assert check.repair.endswith(".")


def test_every_check_of_this_room_is_registered_and_has_its_damage() -> None:
    assert {check.id for check in invariants.CHECKS} == {check_id for check_id, _ in DAMAGES}
    assert all(check in registered_checks() for check in invariants.CHECKS)
    assert broken_invariants() == []
