"""A purchase order as it is shown: its lines with what came, its deliveries with what they cost."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format

from inventory.purchasing.receiving import OpenLine, open_lines
from inventory.purchasing.records import GoodsReceipt, PurchaseOrder, ReceiptLine
from shop.backoffice import badges
from shop.backoffice.purchase_form import write_cost
from shop.money import ZERO

State = PurchaseOrder.State


@dataclass(frozen=True, slots=True)
class ShownLine:
    """`landed` per unit is what one of the units that came cost with freight and duty; None before any came."""

    line_id: int
    sku: str
    title: str
    quantity: int
    came: int
    outstanding: int
    unit_cost: str
    landed: Decimal | None


@dataclass(frozen=True, slots=True)
class ShownReceipt:
    receipt: GoodsReceipt
    parts: list[ReceiptLine]
    units: int
    goods: Decimal
    landed: Decimal


@dataclass(frozen=True, slots=True)
class PurchasePage:
    order: PurchaseOrder
    badge: str
    sentence: str
    lines: list[ShownLine]
    receipts: list[ShownReceipt]
    open_lines: list[OpenLine]
    ordered_value: Decimal
    quoted: Decimal
    freight_left: Decimal
    duty_left: Decimal


def present_purchase(order: PurchaseOrder) -> PurchasePage:
    lines = open_lines(order)
    parts = list(
        ReceiptLine.objects.filter(receipt__order=order).select_related("receipt", "line__stock_record").order_by("pk")
    )
    titles = _titles(order)
    receipts = _receipts(order, parts)
    return PurchasePage(
        order=order,
        badge=badges.PURCHASE.get(order.state, "default"),
        sentence=_sentence(order, lines),
        lines=[_show(one, parts, titles) for one in lines],
        receipts=receipts,
        open_lines=lines,
        ordered_value=sum((one.line.quantity * one.line.unit_cost for one in lines), ZERO),
        quoted=order.freight + order.duty,
        freight_left=max(order.freight - sum((one.receipt.freight for one in receipts), ZERO), ZERO),
        duty_left=max(order.duty - sum((one.receipt.duty for one in receipts), ZERO), ZERO),
    )


def _titles(order: PurchaseOrder) -> dict[int, str]:
    lines = order.lines.select_related("stock_record__product__parent")
    return {line.pk: line.stock_record.product.get_title() for line in lines}


def _show(one: OpenLine, parts: list[ReceiptLine], titles: dict[int, str]) -> ShownLine:
    mine = [part for part in parts if part.line_id == one.line.pk]
    cost = sum((part.goods + part.landed for part in mine), ZERO)
    return ShownLine(
        line_id=one.line.pk,
        sku=one.sku,
        title=titles.get(one.line.pk, ""),
        quantity=one.line.quantity,
        came=one.came,
        outstanding=one.outstanding,
        unit_cost=write_cost(one.line.unit_cost),
        landed=cost / one.came if one.came else None,
    )


def _receipts(order: PurchaseOrder, parts: list[ReceiptLine]) -> list[ShownReceipt]:
    by_receipt: dict[int, list[ReceiptLine]] = defaultdict(list)
    for part in parts:
        by_receipt[part.receipt_id].append(part)
    return [
        ShownReceipt(
            receipt,
            by_receipt[receipt.pk],
            sum(part.quantity for part in by_receipt[receipt.pk]),
            sum((part.goods for part in by_receipt[receipt.pk]), ZERO),
            sum((part.landed for part in by_receipt[receipt.pk]), ZERO),
        )
        for receipt in order.receipts.order_by("-pk")
    ]


def _sentence(order: PurchaseOrder, lines: list[OpenLine]) -> str:
    ordered, came = sum(one.line.quantity for one in lines), sum(one.came for one in lines)
    left = sum(one.outstanding for one in lines)
    day = date_format(order.expected_on, "D j M Y") if order.expected_on else ""
    if order.state == State.ORDERED:
        late = " That day has passed." if order.expected_on and order.expected_on < timezone.localdate() else ""
        so_far = f"{came} of {ordered} units have come; {left}" if came else f"{ordered} units"
        return f"{so_far} are expected{f' on {day}' if day else ''}.{late}"
    if order.state == State.CANCELLED:
        return "Cancelled. Nothing is expected of it."
    if order.state == State.CLOSED:
        short = f" {left} were given up." if left else ""
        return f"{came} units came for {ordered} ordered.{short} Nothing more is expected."
    return "A draft. The supplier does not know of it until you place it."
