"""One past order of the demo shop, from basket to parcel, by the functions that real orders use."""

import time
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.order.models import Order
from oscar.apps.partner.models import StockRecord
from oscar.apps.voucher.models import Voucher

from checkout.accounts.models import User
from checkout.orders.cancel import cancel_order
from checkout.payments.records import PaymentAttempt
from checkout.payments.refund import refund_payment
from checkout.payments.settle import settle_payment
from checkout.payments.start import start_payment
from checkout.placement import place_order
from checkout.quote.build import quote_draft
from checkout.quote.figures import Quote
from checkout.quote.records import CheckoutDraft
from checkout.steps.saving import ensure_draft, save_address, save_contact, save_method
from checkout.terms import Consent, consents_for
from inventory.ledger import Entry, receive_stock, write_off
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from shipping.rates.models import Method
from shop.audit.record import record_action
from shop.demo.catalogue.orders import DemoOrder
from shop.demo.past import move_back
from shop.demo.people import STAFF
from shop.embedded.sandbox.client import pay
from shop.outbox import tasks
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import due_event_ids, handle_event

DONE = "demo order lived"
JOB_SECONDS = 90
CARD = "4000000000000077"


class HistoryStuck(RuntimeError):
    """A step of a past order did not end as it should; the message says which."""


def live_order(demo: DemoOrder, *, records: dict[str, int]) -> None:
    """Fill a checkout, place, pay at the sandbox, settle, ship or cancel; then move it into the past."""
    tasks._paused_until = float("inf")
    staff = User.objects.get(email=STAFF[0][0])
    move_stock(demo, records=records, act=receive_stock, key="in", reason="Delivery from the maker")
    draft, quote = fill_checkout(demo, records=records)
    placed = place_order(draft.pk, shown_digest=quote.digest, ticked=agree_to_all(quote))
    order = placed.order
    # Who lives here pays on the hosted page, whatever the shop offers, with a card whose money can be paid out at once.
    PaymentAttempt.objects.filter(pk=placed.attempt_id).update(is_embedded=False)
    page = pay(
        start_payment(placed.attempt_id),
        card=CARD,
        email=demo.customer.email,
        name=f"{demo.customer.first_name} {demo.customer.last_name}",
    )
    if page.status != 303:
        raise HistoryStuck(f"Past order {demo.number} could not be paid: {page.status} {page.problems}")
    attempt = settle_payment(placed.attempt_id)
    do_jobs()
    if demo.status == "cancelled":
        cancel_order(order.pk, reason="The customer changed their mind.", actor=staff)
        move_stock(demo, records=records, act=write_off, key="out", reason="Sent back to the maker")
    elif demo.status != "to_ship":
        for shipment in Shipment.objects.filter(order=order, state=Shipment.State.OPEN):
            dispatch_shipment(shipment.pk, actor=staff, tracking_number=f"00340{demo.number:03d}{shipment.pk:07d}")
        do_jobs()
        if demo.status == "refunded":
            attempt.refresh_from_db(fields=["captured"])
            amount: Decimal = attempt.captured
            refund_payment(
                attempt_id=attempt.pk, amount=amount, key=f"demo:{demo.number}", reason="Returned as new.", actor=staff
            )
    do_jobs()
    expected = {"shipped": "shipped", "to_ship": "paid", "cancelled": "cancelled", "refunded": "refunded"}[demo.status]
    found = Order.objects.values_list("status", flat=True).get(pk=order.pk)
    if found != expected:
        raise HistoryStuck(f"Past order {demo.number} is {found}, not {expected}.")
    with transaction.atomic():
        move_back(order.pk, document=f"demo:{demo.number}", days=demo.days_ago, minute=demo.minute)
        record_action(action=DONE, subject_type="demo order", subject_id=demo.number, actor_name="make run")


def move_stock(demo: DemoOrder, *, records: dict[str, int], act: Callable[..., object], key: str, reason: str) -> None:
    """What is sold had been received before, so that afterwards the shelves stand as the catalogue says."""
    for line in demo.lines:
        entry = Entry(
            stock_record_id=records[line.sku],
            actor_name="demo",
            idempotency_key=f"demo:{demo.number}:{line.sku}:{key}",
            location_code="main",
            reason=reason,
            reference=f"demo:{demo.number}",
        )
        act(entry, quantity=line.quantity)


def fill_checkout(demo: DemoOrder, *, records: dict[str, int]) -> tuple[CheckoutDraft, Quote]:
    basket = Basket.objects.create()
    found = StockRecord.objects.in_bulk([records[line.sku] for line in demo.lines])
    BasketLine.objects.bulk_create(
        BasketLine(
            basket=basket,
            product_id=found[records[line.sku]].product_id,
            stockrecord_id=records[line.sku],
            line_reference=str(records[line.sku]),
            quantity=line.quantity,
            price_currency=found[records[line.sku]].price_currency,
            price_incl_tax=found[records[line.sku]].price,
        )
        for line in demo.lines
    )
    if demo.voucher and (voucher := Voucher.objects.filter(code=demo.voucher).first()):
        basket.vouchers.add(voucher)
    draft = ensure_draft(basket)
    person = demo.customer
    save_contact(draft.pk, email=person.email, phone="")
    save_address(
        draft.pk,
        {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "line1": person.street,
            "line2": "",
            "postcode": person.postcode,
            "city": person.city,
            "district": "",
            "region": person.region,
            "country": person.country,
        },
    )
    save_method(draft.pk, _method_code(demo))
    draft = CheckoutDraft.objects.get(pk=draft.pk)
    quote = quote_draft(draft)
    if any(one.voucher_code for one in quote.refused):
        basket.vouchers.clear()
        quote = quote_draft(draft)
    return draft, quote


def agree_to_all(quote: Quote) -> dict[Consent, bool]:
    """Every box ticked that the review of this quote shows."""
    return dict.fromkeys(consents_for(has_downloads=quote.has_downloads), True)


def _method_code(demo: DemoOrder) -> str:
    methods = Method.objects.filter(zone__countries__contains=[demo.customer.country], is_active=True)
    codes = list(methods.order_by("position", "code").values_list("code", flat=True))
    return next((code for code in codes if code.startswith(demo.method)), codes[0])


def do_jobs() -> None:
    """Handle what is due until nothing is; a job that somebody else has taken is waited for."""
    deadline = time.monotonic() + JOB_SECONDS
    while time.monotonic() < deadline:
        for event_id in due_event_ids():
            handle_event(event_id)
        waiting = OutboxEvent.objects.filter(done_at__isnull=True, parked_at__isnull=True)
        if not waiting.filter(Q(attempts__gt=0) | Q(available_at__lte=Now())).exists():
            return
        time.sleep(0.02)
    raise HistoryStuck(f"The jobs of the demo's past orders were not done within {JOB_SECONDS} s; see the job list.")
