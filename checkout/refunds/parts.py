"""What of an order can still go back, and what a wish comes to: so many units of a line, delivery, goodwill."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from oscar.apps.order.models import Line, Order

from checkout.payments.records import Refund
from checkout.refunds.records import RefundPart
from shop.money import ZERO, format_money, round_money, to_minor

Kind = RefundPart.Kind


class PartTooLarge(ValueError):
    """More units, or more delivery, than can still go back. The message names which and how much is left."""


class NothingChosen(ValueError):
    """A refund of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundWish:
    """Units by line id, an amount of delivery and one of goodwill; or `everything` that is left of the payment."""

    units: Mapping[int, int] = field(default_factory=dict)
    delivery: Decimal = ZERO
    goodwill: Decimal = ZERO
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`amount` gross. `name` is what staff and the credit note call it."""

    kind: str
    amount: Decimal
    name: str
    line: int | None = None
    quantity: int = 0

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "amount": str(self.amount)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Part":
        return cls(**{**stored, "amount": Decimal(stored["amount"])})


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line with `left` units not yet given back, which come to `amount` gross."""

    line: Line
    left: int
    amount: Decimal


def open_lines(order: Order) -> list[OpenLine]:
    """In the order of the lines; two queries. Refunds that failed do not count."""
    given, back = _given(order)
    found = []
    for line in order.lines.order_by("pk"):
        taken = given.get(line.pk, 0)
        left = max(line.quantity - taken, 0)
        amount = line_amount(line, taken=taken, units=left, currency=order.currency)
        found.append(OpenLine(line, left, min(amount, line.line_price_incl_tax - back.get(line.pk, ZERO))))
    return found


def open_delivery(order: Order) -> Decimal:
    given = _parts_in_force(order).filter(kind=Kind.DELIVERY).aggregate(total=Sum("amount"))["total"]
    return max(order.shipping_incl_tax - (given or ZERO), ZERO)


def line_amount(line: Line, *, taken: int, units: int, currency: str) -> Decimal:
    """What `units` more of a line come to after `taken` went back: running totals, so that all units sum to the line."""
    gross = line.line_price_incl_tax
    before = round_money(gross * taken / line.quantity, currency)
    return round_money(gross * (taken + units) / line.quantity, currency) - before


def plan_parts(order: Order, wish: RefundWish) -> list[Part]:
    """The parts of a wish, for an order that the caller has locked; [] for everything that is left.

    Raises PartTooLarge, NothingChosen, and ValueError for amounts below nothing or with a fraction of a minor unit.
    """
    if wish.everything:
        return []
    parts = _goods(order, wish.units)
    left = open_delivery(order)
    for kind, amount, name in (
        (Kind.DELIVERY, wish.delivery, "Delivery"),
        (Kind.GOODWILL, wish.goodwill, "Goodwill"),
    ):
        if to_minor(amount, order.currency) < 0:
            raise ValueError(f"{name}: an amount greater than zero.")
        if kind == Kind.DELIVERY and amount > left:
            raise PartTooLarge(f"{format_money(left, order.currency)} of the delivery can still be refunded.")
        if amount:
            parts.append(Part(kind=kind, amount=amount, name=name))
    if not parts:
        raise NothingChosen("Say what goes back: units of a line, the delivery, or an amount.")
    return parts


def _goods(order: Order, units: Mapping[int, int]) -> list[Part]:
    wanted = {pk: number for pk, number in units.items() if number}
    parts = []
    for one in open_lines(order) if wanted else ():
        number = wanted.pop(one.line.pk, 0)
        if not 0 <= number <= one.left:
            raise PartTooLarge(f"{one.left} of {one.line.title} can still be refunded, not {number}.")
        taken = one.line.quantity - one.left
        amount = min(line_amount(one.line, taken=taken, units=number, currency=order.currency), one.amount)
        if amount > ZERO:
            name = f"{number} × {one.line.title}"
            parts.append(Part(kind=Kind.GOODS, line=one.line.pk, quantity=number, amount=amount, name=name))
    if wanted:
        raise PartTooLarge(f"Order {order.number} has no line {min(wanted)}.")
    return parts


def _parts_in_force(order: Order) -> Any:
    return RefundPart.objects.filter(refund__attempt__order=order).exclude(refund__state=Refund.State.FAILED)


def _given(order: Order) -> tuple[dict[int, int], dict[int, Decimal]]:
    """Units and money that went back, by line: of a request over two payments one refund may have failed alone."""
    rows = _parts_in_force(order).filter(kind=Kind.GOODS).order_by().values_list("line_id")
    sums = list(rows.annotate(units=Sum("quantity"), money=Sum("amount")))
    return {line: units for line, units, _ in sums}, {line: money for line, _, money in sums}
