"""What the demo's book-keeper meets: a payout, a bank statement with a row left open, payments that are held."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.test.utils import override_settings
from django.utils import timezone
from oscar.apps.order.models import Order
from oscar.apps.partner.models import StockRecord

from checkout.accounts.models import User
from checkout.payments.records import PaymentAttempt
from checkout.payments.settle import settle_payment
from checkout.payments.start import start_payment
from checkout.payments.transfer.importing import import_statement
from checkout.payments.transfer.matching import undo_match
from checkout.payments.transfer.records import StatementEntry
from checkout.payments.transfer.reference import show_reference
from checkout.payouts.fetching import fetch_payouts
from checkout.placement import place_order
from inventory.ledger import receive_stock
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.demo.catalogue.orders import DemoOrder, demo_orders
from shop.demo.lived import CARD, agree_to_all, do_jobs, fill_checkout, move_stock
from shop.demo.people import STAFF
from shop.embedded.sandbox.client import SandboxControl, pay

DONE = "demo books kept"
FILE = "statement.csv"
DAY = 86_400


def keep_books() -> bool:
    """False when it is done already, or when the provider is the real one, whose books are not ours to fill."""
    known = AuditEntry.objects.filter(subject_type="shop", subject_id="demo", action=DONE)
    if settings.STRIPE_API_BASE == settings.STRIPE_REAL_API or known.exists():
        return False
    pay_out()
    receive_transfers(demo_orders()[-3:])
    let_a_payment_end_halfway(demo_orders())
    record_action(action=DONE, subject_type="shop", subject_id="demo", actor_name="make run")
    return True


def pay_out() -> None:
    """It arrives a day later by the sandbox's clock, and can be split then."""
    control = SandboxControl(settings.STRIPE_API_BASE)
    control.set_webhooks(drop_all=True)
    try:
        control.pay_out()
        control.turn_clock(advance=DAY + 60)
        fetch_payouts(since=timezone.now() - timedelta(days=1))
    finally:
        control.turn_clock(offset=0)
        control.set_webhooks(drop_all=False)


def let_a_payment_end_halfway(patterns: Sequence[DemoOrder]) -> Order | None:
    """Set aside, one parcel charged, and more than a week later the bank let go of the rest: staff can ask for it.

    As in a shop with CAPTURE_ON_DISPATCH and CAPTURE_EACH_PARCEL. Without an order of two units there is none.
    """
    found = next((one for one in patterns if sum(line.quantity for line in one.lines) > 1), None)
    if found is None:
        return None
    demo, records = replace(found, number=910, voucher=""), dict(StockRecord.objects.values_list("partner_sku", "pk"))
    control, staff = SandboxControl(settings.STRIPE_API_BASE), User.objects.get(email=STAFF[0][0])
    move_stock(demo, records=records, act=receive_stock, key="in", reason="Delivery from the maker")
    draft, quote = fill_checkout(demo, records=records)
    control.set_webhooks(drop_all=True)
    try:
        with override_settings(CAPTURE_ON_DISPATCH=True, CAPTURE_EACH_PARCEL=True):
            placed = place_order(draft.pk, shown_digest=quote.digest, ticked=agree_to_all(quote))
            PaymentAttempt.objects.filter(pk=placed.attempt_id).update(is_embedded=False)
            pay(start_payment(placed.attempt_id), card=CARD, email=demo.customer.email)
            settle_payment(placed.attempt_id)
            do_jobs()
            parcel = Shipment.objects.filter(order=placed.order, state=Shipment.State.OPEN).order_by("pk")[0]
            first = parcel.lines.order_by("pk")[0]
            dispatch_shipment(parcel.pk, actor=staff, tracking_number="00340910", quantities={first.pk: 1})
            do_jobs()
        control.turn_clock(advance=8 * DAY)
        settle_payment(placed.attempt_id)
    finally:
        control.turn_clock(offset=0)
        control.set_webhooks(drop_all=False)
    return placed.order


def receive_transfers(patterns: Sequence[DemoOrder]) -> None:
    """Three orders like those: one is paid, one waits and its money names no order, one was matched by mistake."""
    if not settings.BANK.iban:
        return
    records = dict(StockRecord.objects.values_list("partner_sku", "pk"))
    paid, waiting, mistaken = (_order_by_transfer(one, place, records=records) for place, one in enumerate(patterns))
    rows = [
        (paid.total_incl_tax, patterns[0], show_reference(paid.number)),
        (waiting.total_incl_tax, patterns[1], "for the lovely things"),
        (mistaken.total_incl_tax, patterns[2], show_reference(mistaken.number)),
        (Decimal("-64.00"), None, "Workshop rent, electricity"),
    ]
    import_statement(_write_statement(rows), file_name=FILE, actor="demo")
    do_jobs()
    entry = StatementEntry.objects.get(matches__order=mistaken)
    undo_match(entry.pk, actor="demo")


def _order_by_transfer(pattern: DemoOrder, place: int, *, records: dict[str, int]) -> Order:
    demo = replace(pattern, number=900 + place, voucher="")
    move_stock(demo, records=records, act=receive_stock, key="in", reason="Delivery from the maker")
    draft, quote = fill_checkout(demo, records=records)
    ticked = agree_to_all(quote)
    placed = place_order(draft.pk, shown_digest=quote.digest, provider="transfer", ticked=ticked)
    start_payment(placed.attempt_id)
    return placed.order


def _write_statement(rows: Sequence[tuple[Decimal, DemoOrder | None, str]]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(("Date", "Amount", "Currency", "Name", "Text", "Id"))
    day = timezone.localdate() - timedelta(days=1)
    for place, (amount, pattern, words) in enumerate(rows, start=1):
        name = f"{pattern.customer.first_name} {pattern.customer.last_name}" if pattern else "Courtyard Properties"
        table.writerow((day.isoformat(), amount, settings.SHOP_CURRENCY, name, words, f"demo-{place}"))
    return text.getvalue().encode()
