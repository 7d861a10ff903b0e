"""Orders to give money back of, and people who may."""

from decimal import Decimal
from typing import Any

from oscar.apps.order.models import Order

from checkout.models import PaymentAttempt, RefundRequest
from checkout.payments.settle import settle_payment
from checkout.refunds.asking import ask_refund
from checkout.refunds.parts import RefundWish
from tests.backoffice.desk import make_staff
from tests.checkout.till import Till, payment_of
from tests.shopfloor import make_order, make_product


def bought(till: Till, *things: Any, **how: Any) -> Order:
    """Paid: by default three lamps of 33.33 at 19 %, a book of 10.00 at 7 %, delivery for 4.90."""
    order = make_order(
        *(things or ((make_product("Lamp", price="33.33"), 3), make_product("Book", price="10.00", tax_class="books")))
    )
    till.pay(order, **how)
    settle_payment(payment_of(order).pk)
    return order


def paid_by_hand(order: Order) -> PaymentAttempt:
    """The payment of an order as if the provider had been asked."""
    PaymentAttempt.objects.filter(order=order).update(
        state="paid", captured=order.total_incl_tax, session_id="cs_1", intent_id="pi_1"
    )
    return PaymentAttempt.objects.get(order=order)


def ask(
    order: Order,
    actor: Any = None,
    *,
    key: str = "k",
    limit: str | None = None,
    reason: str = "A scratch.",
    **wish: Any,
) -> RefundRequest:
    """`wish` as in RefundWish."""
    return ask_refund(
        attempt_id=payment_of(order).pk,
        wish=RefundWish(**wish),
        key=key,
        reason=reason,
        actor=actor or clerk(),
        limit=Decimal(limit) if limit is not None else None,
    )


def clerk(email: str = "clerk@shop.example", role: str = "order desk") -> Any:
    from checkout.accounts.models import User

    return User.objects.filter(email=email).first() or make_staff(role, email=email)
