"""The demo shop's past orders: each goes through the same functions as a real one, then its dates are moved back."""

import logging
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.conf import settings
from django.db import connections
from oscar.apps.partner.models import StockRecord

from inventory.ledger import Entry, receive_stock
from shop.audit.models import AuditEntry
from shop.demo.catalogue.orders import DemoOrder, demo_orders
from shop.demo.lived import DONE
from shop.embedded.sandbox.client import SandboxControl


def write_history() -> int:
    """Bring every past order to its end; how many were new. Without the payment sandbox there is no history."""
    if settings.STRIPE_API_BASE == settings.STRIPE_REAL_API:
        return 0
    done = set(AuditEntry.objects.filter(subject_type="demo order", action=DONE).values_list("subject_id", flat=True))
    missing = [order for order in demo_orders() if str(order.number) not in done]
    if not missing:
        return 0
    _receive(missing, dict(StockRecord.objects.values_list("partner_sku", "pk")))
    workers = min(os.cpu_count() or 1, 4)
    shares = [[order.number for order in missing[start::workers]] for start in range(workers)]
    control = SandboxControl(settings.STRIPE_API_BASE)
    control.set_webhooks(drop_all=True)
    connections.close_all()
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin_process) as pool:
            for lived in [pool.submit(_live_share, share) for share in shares]:
                lived.result()
    finally:
        control.set_webhooks(drop_all=False)
    return len(missing)


def _begin_process() -> None:
    """A process of its own; the jobs are handled right here, so the queue need not hear of them."""
    import django

    django.setup()
    logging.disable(logging.WARNING)


def _live_share(numbers: list[int]) -> None:
    from shop.demo.lived import live_order

    wanted = set(numbers)
    records = dict(StockRecord.objects.values_list("partner_sku", "pk"))
    for order in demo_orders():
        if order.number in wanted:
            live_order(order, records=records)


def _receive(orders: list[DemoOrder], records: dict[str, int]) -> None:
    """What was sold had been received before, so that the shelves stand as the catalogue says afterwards."""
    sold: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            sold[line.sku] += line.quantity if order.status != "cancelled" else 0
    batch = f"{orders[0].number}-{orders[-1].number}"
    for sku, quantity in sorted(sold.items()):
        if quantity:
            entry = Entry(
                stock_record_id=records[sku],
                actor_name="demo",
                idempotency_key=f"demo:{batch}:{sku}",
                location_code="main",
                reason="Autumn delivery",
                reference=f"demo:{batch}",
            )
            receive_stock(entry, quantity=quantity)
