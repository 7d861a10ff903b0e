"""What waits for a person: each list is one narrowing, used by the number on the home and by the list it opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Model, Q, QuerySet, Value
from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.order.models import Order

from checkout.orders.states import PENDING
from checkout.payments.records import PaymentAttempt, Refund
from checkout.payments.to_check import narrow_failed_refunds, narrow_lapsing
from checkout.payments.transfer.records import StatementEntry, TransferMatch, TransferOut
from checkout.refunds.records import RefundRequest
from checkout.shield.records import HeldPayment
from checkout.shield.releasing import narrow_to_waiting
from checkout.tax.vat_records import VatCase
from inventory.availability import open_backorders
from inventory.low_stock.judging import low_levels
from inventory.models import BackorderPolicy, CountSheet, PurchaseOrder, StockLevel, Transfer
from shipping.fulfilment.models import Shipment
from shop.failures.models import ServerFailure
from shop.outbox.models import OutboxEvent

PARAMETER = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList:
    """`narrow` takes all rows of the model to those that wait. `waiting` says in words what the number means."""

    code: str
    title: str
    model: type[Model]
    narrow: Callable[[QuerySet[Any]], QuerySet[Any]]
    waiting: str
    icon: str
    is_alarm: bool = False

    @property
    def permission(self) -> str:
        options = self.model._meta
        return f"{options.app_label}.view_{options.model_name}"

    @property
    def url(self) -> str:
        options = self.model._meta
        return f"{reverse(f'admin:{options.app_label}_{options.model_name}_changelist')}?{PARAMETER}={self.code}"

    def rows(self) -> QuerySet[Any]:
        return self.narrow(self.model._default_manager.all()).order_by()


def count_all(lists: Sequence[WorkList]) -> dict[str, int]:
    """How many rows wait in each list, by its code; one query for all of them."""
    counts = [
        work.rows().annotate(work_list=Value(work.code)).values("work_list").annotate(waiting=Count("pk"))
        for work in lists
    ]
    if not counts:
        return {}
    first, *others = (one.values_list("work_list", "waiting") for one in counts)
    return dict(first.union(*others, all=True)) if others else dict(first)


def late_promises(policies: QuerySet[BackorderPolicy]) -> QuerySet[BackorderPolicy]:
    """Orders wait, and the day they were told is over: they need a new one, or their units."""
    today = TruncDate(Now(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    return policies.filter(promised_on__lt=today, pk__in=open_backorders().values("stock_record"))


def part_paid() -> QuerySet[TransferMatch, Any]:
    return TransferMatch.objects.filter(undone_at=None).values("order_id")


WORK_LISTS: Sequence[WorkList] = (
    WorkList(
        code="to-ship",
        title="To ship",
        model=Shipment,
        narrow=lambda rows: rows.filter(state=Shipment.State.OPEN),
        waiting="parcels to pack",
        icon="local_shipping",
    ),
    WorkList(
        code="to-check",
        title="Payments to check",
        model=PaymentAttempt,
        narrow=lambda rows: rows.filter(Q(state=PaymentAttempt.State.HELD) | Q(disputed_at__isnull=False)),
        waiting="held or disputed",
        icon="credit_card_off",
        is_alarm=True,
    ),
    WorkList(
        code="lapsing",
        title="Authorisations that end",
        model=PaymentAttempt,
        narrow=narrow_lapsing,
        waiting="within 24 hours: send the parcel, or the money is gone",
        icon="alarm",
        is_alarm=True,
    ),
    WorkList(
        code="unpaid",
        title="Unpaid orders",
        model=Order,
        narrow=lambda rows: rows.filter(status=PENDING),
        waiting="wait for their payment",
        icon="hourglass_empty",
    ),
    WorkList(
        code="failed",
        title="Refunds that failed",
        model=Refund,
        narrow=narrow_failed_refunds,
        waiting="need another way",
        icon="undo",
        is_alarm=True,
    ),
    WorkList(
        code="to-match",
        title="Transfers to match",
        model=StatementEntry,
        narrow=lambda rows: rows.filter(state=StatementEntry.State.OPEN),
        waiting="on the bank statement, for no order yet",
        icon="link",
    ),
    WorkList(
        code="underpaid",
        title="Transfers that came in part",
        model=PaymentAttempt,
        narrow=lambda rows: rows.filter(state=PaymentAttempt.State.OPEN, order__in=part_paid()),
        waiting="orders wait for the rest",
        icon="hourglass_bottom",
    ),
    WorkList(
        code="to-transfer",
        title="Transfers to send",
        model=TransferOut,
        narrow=lambda rows: rows.filter(state=TransferOut.State.WAITING),
        waiting="for somebody at the bank",
        icon="send_money",
    ),
    WorkList(
        code="second-person",
        title="Refunds to approve",
        model=RefundRequest,
        narrow=lambda rows: rows.filter(state=RefundRequest.State.WAITING),
        waiting="wait for a second person",
        icon="how_to_reg",
    ),
    WorkList(
        code="slowed",
        title="Held payments",
        model=HeldPayment,
        narrow=narrow_to_waiting,
        waiting="slowed down after refused cards",
        icon="front_hand",
        is_alarm=True,
    ),
    WorkList(
        code="vat",
        title="VAT ids to check",
        model=VatCase,
        narrow=lambda rows: rows.exclude(state=VatCase.State.CLOSED),
        waiting="wait for an answer, or for their tax to go back",
        icon="verified",
    ),
    WorkList(
        code="low",
        title="Low stock",
        model=StockLevel,
        narrow=low_levels,
        waiting="at or below their threshold",
        icon="inventory_2",
    ),
    WorkList(
        code="deliveries",
        title="Deliveries",
        model=PurchaseOrder,
        narrow=lambda rows: rows.filter(state=PurchaseOrder.State.ORDERED),
        waiting="purchase orders on their way",
        icon="shopping_cart",
    ),
    WorkList(
        code="on-the-way",
        title="Transfers on the way",
        model=Transfer,
        narrow=lambda rows: rows.filter(state=Transfer.State.IN_TRANSIT),
        waiting="to receive",
        icon="swap_horiz",
    ),
    WorkList(
        code="to-count",
        title="Count sheets",
        model=CountSheet,
        narrow=lambda rows: rows.filter(state__in=(CountSheet.State.OPEN, CountSheet.State.REVIEWED)),
        waiting="being counted, or to be posted",
        icon="fact_check",
    ),
    WorkList(
        code="late",
        title="Promises that passed",
        model=BackorderPolicy,
        narrow=late_promises,
        waiting="promised days have passed, and orders wait",
        icon="event_busy",
        is_alarm=True,
    ),
    WorkList(
        code="to-approve",
        title="Reviews to approve",
        model=ProductReview,
        narrow=lambda rows: rows.filter(status=ProductReview.FOR_MODERATION),
        waiting="wait to be read",
        icon="reviews",
    ),
    WorkList(
        code="parked",
        title="Parked jobs",
        model=OutboxEvent,
        narrow=lambda rows: rows.filter(parked_at__isnull=False),
        waiting="gave up after five tries",
        icon="error",
        is_alarm=True,
    ),
    WorkList(
        code="unexplained",
        title="Server errors",
        model=ServerFailure,
        narrow=lambda rows: rows.filter(explained_at__isnull=True),
        waiting="pages that broke",
        icon="report",
        is_alarm=True,
    ),
)


def lists_of(model: type[Model]) -> list[WorkList]:
    return [one for one in WORK_LISTS if one.model is model]
