"""Take in a delivery: units through the ledger, cost layers with their shares of freight and duty, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce, Now

from inventory.ledger import Entry, receive_stock
from inventory.locking import lock_stock_records
from inventory.purchasing.ordering import MOST_UNITS, PurchaseRefused, check_money, lock_purchase
from inventory.purchasing.records import GoodsReceipt, PurchaseLine, PurchaseOrder, ReceiptLine
from shop.audit.record import record_action
from shop.money import ZERO, minor_unit, round_money, split_money

State = PurchaseOrder.State


class MoreThanOrdered(PurchaseRefused):
    """More came than was still expected, and nobody said that it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`number` is the delivery note's; `units` by line id; `freight` and `duty` are what this delivery cost beside the
    goods. `keeps_more`: units beyond what was ordered are taken in as well."""

    number: str
    units: Mapping[int, int]
    freight: Decimal = ZERO
    duty: Decimal = ZERO
    note: str = ""
    keeps_more: bool = False


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line with what came of it before."""

    line: PurchaseLine
    sku: str = field(default="")
    came: int = 0

    @property
    def outstanding(self) -> int:
        return max(self.line.quantity - self.came, 0)


@transaction.atomic
def receive_delivery(order_id: int, delivery: Delivery, *, actor: Any) -> GoodsReceipt:
    """Fewer units than ordered leave the rest expected; when nothing is left to come the order is closed.

    The same number with the same content again answers the first receipt. Raises MoreThanOrdered, PurchaseRefused with
    a sentence, and what the ledger raises; then nothing was written.
    """
    order = lock_purchase(order_id)
    number = " ".join(delivery.number.split())
    units = {pk: quantity for pk, quantity in delivery.units.items() if quantity}
    _check(delivery, number=number, units=units)
    earlier = order.receipts.filter(number=number).first()
    if earlier is not None:
        return _same(earlier, delivery, units)
    if order.state != State.ORDERED:
        raise PurchaseRefused(_why_closed(order))
    lines = {one.line.pk: one for one in open_lines(order)}
    if unknown := units.keys() - lines.keys():
        raise PurchaseRefused(f"{order.number} has no line {', '.join(map(str, sorted(unknown)))}.")
    if not delivery.keeps_more:
        _refuse_more(lines, units)
    lock_stock_records(lines[pk].line.stock_record_id for pk in units)
    receipt = GoodsReceipt.objects.create(
        order=order, number=number, freight=delivery.freight, duty=delivery.duty, note=delivery.note,
        actor_name=str(actor),
    )  # fmt: skip
    came = [(lines[pk], quantity) for pk, quantity in sorted(units.items())]
    _take_in(receipt, order, came, actor_name=str(actor))
    if all(one.outstanding <= units.get(pk, 0) for pk, one in lines.items()):
        order.state, order.closed_at = State.CLOSED, Now()
        order.save(update_fields=["state", "closed_at"])
    record_action(
        action="receive delivery", subject_type="purchaseorder", subject_id=order.number, actor=actor,
        actor_name="" if getattr(actor, "pk", None) else str(actor),
        after={"delivery": number, "units": {one.sku: quantity for one, quantity in came},
               "freight": str(delivery.freight), "duty": str(delivery.duty)},
        reason=delivery.note,
    )  # fmt: skip
    return receipt


def open_lines(order: PurchaseOrder) -> list[OpenLine]:
    """Every line of the order with the units that came of it so far. One query."""
    lines = order.lines.select_related("stock_record").annotate(came=Coalesce(Sum("received__quantity"), 0))
    return [OpenLine(line, line.stock_record.partner_sku, line.came) for line in lines.order_by("pk")]


def _take_in(
    receipt: GoodsReceipt, order: PurchaseOrder, came: Sequence[tuple[OpenLine, int]], *, actor_name: str
) -> None:
    goods = [_cost_of(one, quantity) for one, quantity in came]
    weights = goods if any(goods) else [Decimal(quantity) for _, quantity in came]
    landed = split_money(
        receipt.freight + receipt.duty, weights, settings.SHOP_CURRENCY, unit=minor_unit(settings.SHOP_CURRENCY)
    )
    rows = []
    for (one, quantity), price, share in zip(came, goods, landed, strict=True):
        entry = Entry(
            stock_record_id=one.line.stock_record_id,
            location_code=order.location.code,
            actor_name=actor_name,
            reason=f"{order.number}, delivery {receipt.number}",
            reference=f"receipt:{receipt.pk}",
            idempotency_key=f"receipt:{receipt.pk}:{one.line.pk}",
        )
        movement = receive_stock(entry, quantity=quantity, cost=price + share)
        rows.append(
            ReceiptLine(receipt=receipt, line=one.line, movement=movement, quantity=quantity, goods=price, landed=share)
        )
    ReceiptLine.objects.bulk_create(rows)


def _cost_of(one: OpenLine, quantity: int) -> Decimal:
    """What these units cost more than those before: the parts of a line add up to its price to the cent."""
    currency, unit = settings.SHOP_CURRENCY, one.line.unit_cost
    return round_money(unit * (one.came + quantity), currency) - round_money(unit * one.came, currency)


def _check(delivery: Delivery, *, number: str, units: Mapping[int, int]) -> None:
    if not 1 <= len(number) <= 60:
        raise PurchaseRefused(
            "Give the number of the delivery note (up to 60 characters); it makes a receipt happen once."
        )
    if not units:
        raise PurchaseRefused("Enter how many units came of at least one line.")
    if any(not 0 < quantity <= MOST_UNITS for quantity in units.values()):
        raise PurchaseRefused(f"Units that came are whole numbers from 0 to {MOST_UNITS:,}.")
    check_money(freight=delivery.freight, duty=delivery.duty)


def _same(earlier: GoodsReceipt, delivery: Delivery, units: Mapping[int, int]) -> GoodsReceipt:
    known = dict(earlier.lines.values_list("line_id", "quantity"))
    if (known, earlier.freight, earlier.duty) == (dict(units), delivery.freight, delivery.duty):
        return earlier
    raise PurchaseRefused(
        f"Delivery {earlier.number} was taken in already, by {earlier.actor_name}, with {sum(known.values())} units."
        " If this is another delivery, give it its own number; if the first was wrong, correct the stock of its lines."
    )


def _refuse_more(lines: Mapping[int, OpenLine], units: Mapping[int, int]) -> None:
    over = [(lines[pk], quantity) for pk, quantity in sorted(units.items()) if quantity > lines[pk].outstanding]
    if over:
        said = "; ".join(f"{one.sku}: {quantity} came, {one.outstanding} were still expected" for one, quantity in over)
        raise MoreThanOrdered(f"{said}. Correct the units, or tick that what came too much is kept.")


def _why_closed(order: PurchaseOrder) -> str:
    if order.state == State.CLOSED:
        return (
            f"{order.number} is closed; nothing more is expected of it. Receive further units at their shelf"
            " (Stock levels, Receive), or write a new purchase order."
        )
    return f"{order.number} is {order.state}; place it before its deliveries are taken in."
