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


@dataclass(frozen=True, slots=True)
class WorkList:
    """`where` leaves of all rows of the model those that wait. `waiting` says in words what the number means."""

    code: str
    title: str
    icon: str
    model: type[Model]
    where: Q | Callable[[QuerySet[Any]], QuerySet[Any]]
    waiting: str
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

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(self.where) if isinstance(self.where, Q) else self.where(rows)


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


def part_paid(attempts: QuerySet[PaymentAttempt]) -> QuerySet[PaymentAttempt]:
    matches = TransferMatch.objects.filter(undone_at=None).values("order_id")
    return attempts.filter(state=PaymentAttempt.State.OPEN, order__in=matches)


HELD = Q(state=PaymentAttempt.State.HELD) | Q(disputed_at__isnull=False)
ALARM = True
"""The number is shown in red."""


WORK_LISTS: Sequence[WorkList] = (
    WorkList("to-ship", "To ship", "local_shipping", Shipment, Q(state=Shipment.State.OPEN), "parcels to pack"),
    WorkList("to-check", "Payments to check", "credit_card_off", PaymentAttempt, HELD, "held or disputed", ALARM),
    WorkList(
        "lapsing",
        "Authorisations that end",
        "alarm",
        PaymentAttempt,
        narrow_lapsing,
        "within 24 hours: send the parcel, or the money is gone",
        ALARM,
    ),
    WorkList("unpaid", "Unpaid orders", "hourglass_empty", Order, Q(status=PENDING), "wait for their payment"),
    WorkList("failed", "Refunds that failed", "undo", Refund, narrow_failed_refunds, "need another way", ALARM),
    WorkList(
        "to-match",
        "Transfers to match",
        "link",
        StatementEntry,
        Q(state=StatementEntry.State.OPEN),
        "on the bank statement, for no order yet",
    ),
    WorkList(
        "underpaid",
        "Transfers that came in part",
        "hourglass_bottom",
        PaymentAttempt,
        part_paid,
        "orders wait for the rest",
    ),
    WorkList(
        "to-transfer",
        "Transfers to send",
        "send_money",
        TransferOut,
        Q(state=TransferOut.State.WAITING),
        "for somebody at the bank",
    ),
    WorkList(
        "second-person",
        "Refunds to approve",
        "how_to_reg",
        RefundRequest,
        Q(state=RefundRequest.State.WAITING),
        "wait for a second person",
    ),
    WorkList(
        "slowed",
        "Held payments",
        "front_hand",
        HeldPayment,
        narrow_to_waiting,
        "slowed down after refused cards",
        ALARM,
    ),
    WorkList(
        "vat",
        "VAT ids to check",
        "verified",
        VatCase,
        ~Q(state=VatCase.State.CLOSED),
        "wait for an answer, or for their tax to go back",
    ),
    WorkList("low", "Low stock", "inventory_2", StockLevel, low_levels, "at or below their threshold"),
    WorkList(
        "deliveries",
        "Deliveries",
        "shopping_cart",
        PurchaseOrder,
        Q(state=PurchaseOrder.State.ORDERED),
        "purchase orders on their way",
    ),
    WorkList(
        "on-the-way", "Transfers on the way", "swap_horiz", Transfer, Q(state=Transfer.State.IN_TRANSIT), "to receive"
    ),
    WorkList(
        "to-count",
        "Count sheets",
        "fact_check",
        CountSheet,
        Q(state__in=(CountSheet.State.OPEN, CountSheet.State.REVIEWED)),
        "being counted, or to be posted",
    ),
    WorkList(
        "late",
        "Promises that passed",
        "event_busy",
        BackorderPolicy,
        late_promises,
        "promised days have passed, and orders wait",
        ALARM,
    ),
    WorkList(
        "to-approve",
        "Reviews to approve",
        "reviews",
        ProductReview,
        Q(status=ProductReview.FOR_MODERATION),
        "wait to be read",
    ),
    WorkList(
        "parked", "Parked jobs", "error", OutboxEvent, Q(parked_at__isnull=False), "gave up after five tries", ALARM
    ),
    WorkList(
        "unexplained", "Server errors", "report", ServerFailure, Q(explained_at__isnull=True), "pages that broke", ALARM
    ),
)


def lists_of(model: type[Model]) -> list[WorkList]:
    return [one for one in WORK_LISTS if one.model is model]
