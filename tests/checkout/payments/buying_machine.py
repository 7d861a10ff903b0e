"""All that shoppers, staff, the clock and the provider do to orders, drawn by Hypothesis in whatever order."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models.functions import Now
from django.test import Client, override_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, rule
from oscar.apps.basket.models import Basket
from oscar.apps.order.models import Order

from checkout.basket.codes import add_code
from checkout.basket.lines import add_line, choose_product
from checkout.basket.quantity import BasketRefusal
from checkout.models import PlacedOrder
from checkout.orders.access import order_path, token_of
from checkout.orders.cancel import CannotCancel, cancel_order
from checkout.payments.errors import (
    RefundFrozen,
    RefundTooLarge,
)
from checkout.payments.gateway import get_gateway
from checkout.payments.refund import refund_payment
from checkout.payments.sweep import sweep_unpaid_orders
from checkout.placement import CannotPlace, QuoteChanged, place_order
from inventory.ledger import StockRefused, receive_stock, write_off
from inventory.models import Reservation
from inventory.reservation import release_expired
from inventory.shortage import InsufficientStock
from promotions.vouchers import VoucherRefused
from shipping.fulfilment.dispatch import CannotDispatch, dispatch_shipment
from shipping.fulfilment.models import Shipment, ShipmentLine
from shop.embedded.sandbox.client import pay
from tests.checkout.payments.machine_ground import AWAY, LAPSE, MINUTE, MachineGround
from tests.checkout.till import payment_of, run_jobs
from tests.shopfloor import make_basket, make_draft, quote_of

# What a shopper does on the payment page. The last two cards' refunds come through, or fail, a minute later.
WAYS: dict[str, dict[str, str]] = {
    "pays": {},
    "is declined": {"card": "4000000000000002"},
    "answers the bank": {"card": "4000000000003220"},
    "refuses the bank": {"card": "4000000000003220", "authenticate": "refuse"},
    "leaves at the bank": {"card": "4000000000003220", "authenticate": "stop"},
    "pays, refunds are slow": {"card": "4000000000007726"},
    "pays, refunds fail": {"card": "4000000000005126"},
}
UNITS = st.integers(0, 2)


class BuyingMachine(MachineGround):
    drafts = Bundle("drafts")
    orders = Bundle("orders")
    pages = Bundle("pages")

    # --- Shoppers ------------------------------------------------------------------------------------------------

    @initialize(
        target=orders, captures=st.sampled_from(["at once", "later", "by parcel"]), way=st.sampled_from(["pays", *WAYS])
    )
    def begin(self, captures: str, way: str) -> Any:
        """With an order whose shopper has been on the payment page, so that there is something to happen to."""
        self._later = override_settings(
            CAPTURE_ON_DISPATCH=captures != "at once", CAPTURE_EACH_PARCEL=captures == "by parcel"
        )
        self._later.enable()
        order = self.buy((1, 2), has_code=False)
        self.press_pay(order, way)
        if way != "leaves at the bank":
            self.deliver("in order", works=True)
        return order

    @rule(target=orders, units=st.tuples(UNITS, UNITS), has_code=st.booleans())
    def buy(self, units: tuple[int, int], has_code: bool) -> Any:
        draft = self._fill_checkout(units, has_code=has_code)
        return self._submit(draft) if draft is not None else multiple()

    @rule(target=drafts, units=st.tuples(UNITS, UNITS), has_code=st.booleans())
    def add_and_think(self, units: tuple[int, int], has_code: bool) -> Any:
        draft = self._fill_checkout(units, has_code=has_code)
        return draft if draft is not None else multiple()

    @rule(target=orders, draft=drafts)
    def submit_late(self, draft: Any) -> Any:
        return self._submit(draft)

    def _fill_checkout(self, units: tuple[int, int], *, has_code: bool) -> Any:
        """None when nothing of it can be had."""
        basket = Basket.objects.create() if any(units) else make_basket(self.things[1])
        try:
            for product, quantity in zip(self.things, units, strict=True):
                if quantity:
                    add_line(basket_id=basket.pk, wish=choose_product(product.pk), quantity=quantity)
            if has_code:
                add_code(basket=basket, code="ONCE", customer_key="", sources=[])
        except BasketRefusal:
            if not basket.lines.exists():
                return None
        return make_draft(basket=basket)

    def _submit(self, draft: Any) -> Any:
        try:
            first = place_order(draft.pk, shown_digest=quote_of(draft).digest)
        except (InsufficientStock, CannotPlace, QuoteChanged, VoucherRefused):
            return multiple()
        again = place_order(draft.pk, shown_digest="of the page before")
        assert (again.order.pk, again.attempt_id, again.is_new) == (first.order.pk, first.attempt_id, False)
        return first.order if first.is_new else multiple()

    @rule(order=orders, way=st.sampled_from(["pays", *WAYS]))
    def press_pay(self, order: Order, way: str) -> None:
        page = self._open_page(order)
        if page:
            pay(page, **WAYS[way])  # type: ignore[arg-type]

    @rule(target=pages, order=orders)
    def open_the_page_and_think(self, order: Order) -> Any:
        return self._open_page(order) or multiple()

    @rule(page=pages, way=st.sampled_from(["pays", *WAYS]))
    def pay_late(self, page: str, way: str) -> None:
        """On a page that was opened some steps ago: it may be paid, closed or over."""
        pay(page, **WAYS[way])  # type: ignore[arg-type]

    @rule(order=orders)
    def come_back(self, order: Order) -> None:
        session = payment_of(order).session_id
        answer = Client().get(order_path(token_of(order.pk)), {"session_id": session} if session else {})
        assert answer.status_code in (200, 302), answer.content[:500]

    @rule(order=orders, is_staff=st.booleans())
    def cancel(self, order: Order, is_staff: bool) -> None:
        try:
            cancel_order(order.pk, reason="Not needed.", actor_name="tests", only_unpacked=not is_staff)
        except (CannotCancel, *AWAY):
            return

    # --- Staff ---------------------------------------------------------------------------------------------------

    @rule(order=orders, part=st.sampled_from(["0.01", "0.5", "1", "1.01"]), key=st.integers(1, 2))
    def refund(self, order: Order, part: str, key: int) -> None:
        """A part of the sum or more than it; the second time with the same key is the first refund."""
        attempt = payment_of(order)
        amount = max((attempt.amount * Decimal(part)).quantize(Decimal("0.01")), Decimal("0.01"))
        try:
            for _ in range(2):
                refund_payment(
                    attempt_id=attempt.pk, amount=amount, key=f"{order.pk}:{key}", reason="A scratch.", actor_name="Ann"
                )
        except (RefundTooLarge, RefundFrozen):
            return

    @rule(order=orders, act=st.sampled_from(["capture", "refund", "release"]))
    def act_on_the_providers_own_pages(self, order: Order, act: str) -> None:
        attempt, gateway = payment_of(order), get_gateway()
        self.keys += 1
        try:
            if act == "capture":
                gateway.capture(
                    intent_id=attempt.intent_id, amount=attempt.amount, currency="EUR", key=f"hand:{self.keys}"
                )
            elif act == "release":
                gateway.release(intent_id=attempt.intent_id, key=f"hand:{self.keys}")
            else:
                gateway.refund(
                    intent_id=attempt.intent_id,
                    amount=Decimal("3.00"),
                    currency="EUR",
                    key=f"hand:{self.keys}",
                    refund_ref="",
                )
        except AWAY:
            return

    @rule(product=st.integers(0, 1), units=st.integers(-1, 3))
    def restock_or_lose(self, product: int, units: int) -> None:
        try:
            if units < 0:
                write_off(self._entry(product), quantity=-units)
            elif units:
                receive_stock(self._entry(product), quantity=units)
        except StockRefused:
            return

    @rule(is_whole=st.booleans(), is_later=st.booleans())
    def dispatch(self, is_whole: bool, is_later: bool) -> None:
        parcel = Shipment.objects.filter(state=Shipment.State.OPEN).order_by("-pk" if is_later else "pk").first()
        if parcel is None:
            return
        line = ShipmentLine.objects.filter(shipment=parcel).order_by("pk")[0]
        try:
            dispatch_shipment(parcel.pk, actor="Ann", quantities=None if is_whole else {line.pk: 1})
        except CannotDispatch:
            return

    # --- The clock -----------------------------------------------------------------------------------------------

    @rule(order=orders, what=st.sampled_from(["reservation", "time to pay", "sweep", "tidy", "minute", "lapse"]))
    def time_goes_by(self, order: Order, what: str) -> None:
        held = Reservation.objects.filter(claim=f"order:{order.pk}", released_at__isnull=True)
        if what == "reservation":
            held.update(expires_at=Now() - timedelta(minutes=1))
        elif what == "time to pay":
            held.update(expires_at=Now() - timedelta(minutes=1))
            PlacedOrder.objects.filter(order=order).update(pay_until=Now() - timedelta(minutes=1))
            sweep_unpaid_orders()
        elif what == "sweep":
            sweep_unpaid_orders()
        elif what == "tidy":
            release_expired()
        else:
            self.till.control.turn_clock(advance=MINUTE if what == "minute" else LAPSE)

    # --- The provider and the jobs -------------------------------------------------------------------------------

    @rule(
        kind=st.sampled_from(["error", "reset", "rate_limit", "malformed", "timeout"]),
        times=st.integers(1, 4),
        executed=st.booleans(),
        saved=st.booleans(),
    )
    def let_the_provider_stumble(self, kind: Any, times: int, executed: bool, saved: bool) -> None:
        self.till.control.fail_next(times, kind=kind, seconds=0.02, executed=executed, saved=saved)

    @rule(
        way=st.sampled_from(["in order", "reversed", "twice", "the last only", "all of them again"]),
        works=st.booleans(),
    )
    def deliver(self, way: str, works: bool) -> None:
        self._deliver(way)
        if works:
            run_jobs()

    @rule()
    def let_jobs_run(self) -> None:
        run_jobs()
