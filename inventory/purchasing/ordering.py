"""The life of a purchase order up to its deliveries: draft, order, a new date, cancel, close. Each act is audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from catalog.kits.records import Kit
from inventory.purchasing.records import PurchaseLine, PurchaseOrder
from shop.audit.record import record_action
from shop.money import ZERO, minor_unit

State = PurchaseOrder.State
COST_PLACES: Final = Decimal("0.0001")
MOST_UNITS: Final = 1_000_000
MOST_MONEY: Final = Decimal(100_000_000)


class PurchaseRefused(ValueError):
    """The act does not fit the purchase order, or what was entered cannot be; nothing was written."""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """`unit_cost` with up to four decimals, in the shop's currency, without tax."""

    stock_record_id: int
    sku: str
    quantity: int
    unit_cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`freight` and `duty` of the whole order as quoted; each delivery says its own."""

    supplier_id: int
    location_id: int
    lines: Sequence[WantedLine]
    expected_on: date | None = None
    freight: Decimal = ZERO
    duty: Decimal = ZERO
    note: str = ""


@transaction.atomic
def write_draft(draft: Draft, *, actor: Any, order_id: int | None = None) -> PurchaseOrder:
    """A new draft, or the draft `order_id` as it shall be now. Raises PurchaseRefused."""
    check_money(freight=draft.freight, duty=draft.duty)
    _check_lines(draft.lines)
    order = PurchaseOrder(actor_name=str(actor)) if order_id is None else lock_purchase(order_id)
    if order.state != State.DRAFT:
        raise PurchaseRefused(f"{order.number} is {order.state}: its lines cannot change any more.")
    before = _describe(order) if order.pk else None
    order.supplier_id, order.location_id = draft.supplier_id, draft.location_id
    order.freight, order.duty = draft.freight, draft.duty
    order.expected_on, order.note = draft.expected_on, draft.note
    order.save()
    order.lines.all().delete()
    PurchaseLine.objects.bulk_create(
        PurchaseLine(order=order, stock_record_id=one.stock_record_id, quantity=one.quantity, unit_cost=one.unit_cost)
        for one in draft.lines
    )
    _audit(order, "change purchase order" if before else "draft purchase order", actor, before=before)
    return order


@transaction.atomic
def place_purchase(order_id: int, *, actor: Any) -> PurchaseOrder:
    """The supplier has the order: its units are expected from now on. Placed before: nothing changes."""
    order = lock_purchase(order_id)
    if order.state == State.ORDERED:
        return order
    if order.state != State.DRAFT:
        raise PurchaseRefused(f"{order.number} is {order.state}; write a new one.")
    if not order.lines.exists():
        raise PurchaseRefused(f"{order.number} has no lines. Add what shall be ordered first.")
    if order.expected_on is None:
        order.expected_on = timezone.localdate() + timedelta(days=order.supplier.lead_days)
    order.state, order.ordered_at = State.ORDERED, Now()
    order.save(update_fields=["state", "ordered_at", "expected_on"])
    _audit(order, "place purchase order", actor)
    return order


@transaction.atomic
def change_expected_date(order_id: int, *, expected_on: date, actor: Any, reason: str = "") -> PurchaseOrder:
    """The supplier named another day."""
    order = lock_purchase(order_id)
    if order.state not in (State.DRAFT, State.ORDERED):
        raise PurchaseRefused(f"{order.number} is {order.state}; nothing more is expected of it.")
    before = {"expected_on": str(order.expected_on or "")}
    order.expected_on = expected_on
    order.save(update_fields=["expected_on"])
    _audit(order, "change expected date", actor, before=before, reason=reason)
    return order


@transaction.atomic
def cancel_purchase(order_id: int, *, actor: Any, reason: str = "") -> PurchaseOrder:
    """Nothing of it will come, and nothing has. Cancelled before: nothing changes."""
    order = lock_purchase(order_id)
    if order.state == State.CANCELLED:
        return order
    if order.receipts.exists():
        raise PurchaseRefused(f"Part of {order.number} has come already. Close it instead: the rest is given up.")
    return _end(order, State.CANCELLED, "cancel purchase order", actor, reason)


@transaction.atomic
def close_purchase(order_id: int, *, actor: Any, reason: str = "") -> PurchaseOrder:
    """What has not come will not come. Closed before: nothing changes."""
    order = lock_purchase(order_id)
    if order.state == State.CLOSED:
        return order
    if order.state != State.ORDERED:
        raise PurchaseRefused(f"{order.number} is {order.state}; only an order that was placed can be closed.")
    if not order.receipts.exists():
        raise PurchaseRefused(f"Nothing of {order.number} has come. Cancel it instead.")
    return _end(order, State.CLOSED, "close purchase order", actor, reason)


def lock_purchase(order_id: int) -> PurchaseOrder:
    """One act at a time per order; taken before the stock's lock. Raises PurchaseRefused for one that does not exist."""
    order = PurchaseOrder.objects.select_for_update(of=("self",)).select_related("supplier").filter(pk=order_id).first()
    if order is None:
        raise PurchaseRefused(f"There is no purchase order {order_id}.")
    return order


def check_money(**amounts: Decimal) -> None:
    unit = minor_unit(settings.SHOP_CURRENCY)
    for name, amount in amounts.items():
        if not 0 <= amount <= MOST_MONEY or amount % unit:
            raise PurchaseRefused(
                f"{amount} cannot be the {name}: give an amount of 0 or more in steps of {unit} {settings.SHOP_CURRENCY}."
            )


def _check_lines(lines: Sequence[WantedLine]) -> None:
    seen: set[int] = set()
    kits = set(Kit.objects.filter(pk__in=[one.stock_record_id for one in lines]).values_list("pk", flat=True))
    for one in lines:
        if one.stock_record_id in seen:
            raise PurchaseRefused(f"{one.sku} stands in two lines. Put its units into one.")
        seen.add(one.stock_record_id)
        if one.stock_record_id in kits:
            raise PurchaseRefused(f"{one.sku} is a kit and has no units of its own. Order its parts.")
        if not 1 <= one.quantity <= MOST_UNITS:
            raise PurchaseRefused(f"{one.quantity} units of {one.sku} cannot be ordered: give 1 to {MOST_UNITS:,}.")
        if not 0 <= one.unit_cost <= MOST_MONEY or one.unit_cost % COST_PLACES:
            raise PurchaseRefused(f"{one.unit_cost} cannot be the unit cost of {one.sku}: 0 or more, up to 4 decimals.")


def _end(order: PurchaseOrder, state: str, action: str, actor: Any, reason: str) -> PurchaseOrder:
    order.state, order.closed_at = state, Now()
    order.save(update_fields=["state", "closed_at"])
    _audit(order, action, actor, reason=reason)
    return order


def _describe(order: PurchaseOrder) -> dict[str, Any]:
    lines = order.lines.values_list("stock_record__partner_sku", "quantity", "unit_cost")
    return {
        "state": str(order.state),
        "expected_on": str(order.expected_on or ""),
        "freight": str(order.freight),
        "duty": str(order.duty),
        "lines": [f"{quantity} × {sku} at {cost}" for sku, quantity, cost in lines],
    }


def _audit(
    order: PurchaseOrder, action: str, actor: Any, *, before: Mapping[str, Any] | None = None, reason: str = ""
) -> None:
    record_action(
        action=action, subject_type="purchaseorder", subject_id=order.number, actor=actor,
        before=before, after=_describe(order), reason=reason, actor_name="" if getattr(actor, "pk", None) else str(actor),
    )  # fmt: skip
