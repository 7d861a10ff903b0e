"""Check a code for a shopper; hold vouchers for an order; give them back.

A code that is unknown, expired, not yet valid or used up gets one and the same sentence, so that codes cannot be found
out by trying; what it really was is said to staff only (`staff_detail`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now
from oscar.apps.voucher.models import Voucher

from promotions.models import VoucherUse

LONGEST_CODE = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherAnswer:
    """`sentence` is for the shopper and empty when the voucher may be used; `staff_detail` is never shown to one."""

    code: str
    is_usable: bool
    voucher_id: int | None = None
    name: str = ""
    sentence: str = ""
    staff_detail: str = ""


class VoucherRefused(Exception):
    """A voucher cannot be held for this order; nothing was written. The message is for the shopper."""

    def __init__(self, answer: VoucherAnswer) -> None:
        self.answer = answer
        super().__init__(answer.sentence)


def check_voucher(code: str, customer_key: str = "") -> VoucherAnswer:
    """Whether this customer may use the code now. Binding only in `use_vouchers`.

    `customer_key` is the buyer's e-mail address; while it is empty, limits per customer are not judged yet.
    """
    wanted = code.strip().upper()
    if not wanted:
        return VoucherAnswer(code="", is_usable=False, sentence="Enter a voucher code.")
    voucher = None
    if len(wanted) <= LONGEST_CODE and "\x00" not in wanted:
        voucher = _with_window(Voucher.objects.filter(code=wanted)).first()
    if voucher is None:
        return _refuse(wanted[:LONGEST_CODE].replace("\x00", ""), None, "There is no voucher with this code.")
    return _judge(voucher, _normal(customer_key), claim="")


@transaction.atomic
def use_vouchers(*, claim: str, voucher_ids: Collection[int], customer_key: str) -> list[VoucherUse]:
    """Hold vouchers for a claim (an order), all or none; raises VoucherRefused.

    Locks the vouchers in the order of their keys and judges windows and limits under the lock. The same claim again
    answers what it already holds. Oscar's `num_orders` is carried along.
    """
    customer = _normal(customer_key)
    vouchers = _lock(voucher_ids)
    held = set(VoucherUse.objects.filter(claim=claim, released_at__isnull=True).values_list("voucher_id", flat=True))
    if missing := set(voucher_ids) - {voucher.pk for voucher in vouchers}:
        raise VoucherRefused(_refuse("", None, f"Voucher {min(missing)} was deleted."))
    for voucher in vouchers:
        if voucher.pk in held:
            continue
        answer = _judge(voucher, customer, claim=claim)
        if not answer.is_usable:
            raise VoucherRefused(answer)
        VoucherUse.objects.update_or_create(
            voucher=voucher,
            claim=claim,
            defaults={"customer_key": customer, "limit_key": _limit_key(voucher, customer), "released_at": None},
        )
        Voucher.objects.filter(pk=voucher.pk).update(num_orders=F("num_orders") + 1)
    return list(VoucherUse.objects.filter(claim=claim, voucher_id__in=voucher_ids).order_by("voucher_id"))


@transaction.atomic
def release_vouchers(claim: str) -> int:
    """Give back what the claim holds; answers how many uses ended. Safe to repeat."""
    live = VoucherUse.objects.filter(claim=claim, released_at__isnull=True)
    vouchers = _lock(live.values_list("voucher_id", flat=True))
    released = 0
    for voucher in vouchers:
        if live.filter(voucher=voucher).update(released_at=Now()):
            Voucher.objects.filter(pk=voucher.pk, num_orders__gt=0).update(num_orders=F("num_orders") - 1)
            released += 1
    return released


def _lock(voucher_ids: Collection[int]) -> list[Voucher]:
    """The only lock for voucher uses."""
    locked = Voucher.objects.filter(pk__in=set(voucher_ids)).order_by("pk").select_for_update(no_key=True)
    ids = [voucher.pk for voucher in locked]
    return list(_with_window(Voucher.objects.filter(pk__in=ids)).order_by("pk"))


def _with_window(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Annotates what the database's clock says of the voucher's window."""

    def flag(condition: Q) -> Case:
        return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())

    return vouchers.annotate(
        is_early=flag(Q(start_datetime__gt=Now())),
        is_over=flag(Q(end_datetime__lt=Now())),
    )


def _judge(voucher: Voucher, customer_key: str, *, claim: str) -> VoucherAnswer:
    if voucher.is_early:
        return _refuse(voucher.code, voucher, f"It begins on {voucher.start_datetime:%d %B %Y, %H:%M %Z}.")
    if voucher.is_over:
        return _refuse(voucher.code, voucher, f"It ended on {voucher.end_datetime:%d %B %Y, %H:%M %Z}.")
    live = VoucherUse.objects.filter(voucher=voucher, released_at__isnull=True).exclude(claim=claim)
    if voucher.usage == Voucher.SINGLE_USE and live.exists():
        return _refuse(voucher.code, voucher, "It may be used once and an order holds it.")
    if voucher.usage == Voucher.ONCE_PER_CUSTOMER and customer_key and live.filter(customer_key=customer_key).exists():
        return VoucherAnswer(
            code=voucher.code,
            is_usable=False,
            voucher_id=voucher.pk,
            name=voucher.name,
            sentence=f"{voucher.code} can be used once per customer, and an order with your e-mail address has used it.",
            staff_detail="This customer has a live use.",
        )
    return VoucherAnswer(code=voucher.code, is_usable=True, voucher_id=voucher.pk, name=voucher.name)


def _refuse(code: str, voucher: Voucher | None, staff_detail: str) -> VoucherAnswer:
    return VoucherAnswer(
        code=code,
        is_usable=False,
        voucher_id=voucher.pk if voucher is not None else None,
        name=voucher.name if voucher is not None else "",
        sentence="This voucher code cannot be used: check its spelling; it may also have expired or been used already.",
        staff_detail=staff_detail,
    )


def _limit_key(voucher: Voucher, customer_key: str) -> str | None:
    if voucher.usage == Voucher.SINGLE_USE:
        return "once"
    return f"customer:{customer_key}" if voucher.usage == Voucher.ONCE_PER_CUSTOMER else None


def _normal(customer_key: str) -> str:
    return customer_key.strip().lower()
