"""Voucher codes on a basket: checked when they are typed, judged again in every quote, held when the order is placed."""

from django.db import transaction
from oscar.apps.basket.models import Basket

from checkout.basket.limits import MAX_CODES
from checkout.basket.quantity import BasketRefusal
from checkout.basket.throttle import count_wrong_code, is_paused
from promotions.vouchers import check_voucher

PAUSED = "That were many codes that do not work. Please wait ten minutes, then try again; your basket stays as it is."


def add_code(*, basket: Basket, code: str, customer_key: str, sources: list[str]) -> str:
    """Put a code on the basket; returns it as it is written. Raises BasketRefusal with the reason.

    `sources` say who tries (see checkout.basket.throttle): a wrong code is counted against each of them.
    """
    with transaction.atomic():
        if is_paused(sources):
            raise BasketRefusal(PAUSED)
        answer = check_voucher(code, customer_key)
        if not answer.is_usable:
            if code.strip():
                count_wrong_code(sources)
            refusal = answer.sentence
        elif basket.vouchers.count() >= MAX_CODES:
            refusal = f"A basket takes {MAX_CODES} codes. Please remove one first."
        else:
            basket.vouchers.add(answer.voucher_id)
            return answer.code
    raise BasketRefusal(refusal)


def remove_code(*, basket: Basket, voucher_id: int) -> bool:
    """Take a code off; False when it was not on the basket."""
    through = Basket.vouchers.through.objects
    removed, _ = through.filter(basket_id=basket.pk, voucher_id=voucher_id).delete()
    return bool(removed)
