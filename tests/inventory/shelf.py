"""Make products with stock for the tests, and run buyers on connections of their own."""

import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from oscar.apps.catalogue.models import Product, ProductClass
from oscar.apps.partner.models import Partner, StockRecord

from inventory.ledger import Entry, receive_stock
from inventory.models import Location

_numbers = itertools.count(1)


def make_stock_record(sku: str = "", *, title: str = "", tracked: bool = True, price: str = "10.00") -> StockRecord:
    name = "Counted" if tracked else "Not counted"
    kind, _ = ProductClass.objects.get_or_create(name=name, defaults={"track_stock": tracked})
    partner, _ = Partner.objects.get_or_create(code="house", defaults={"name": "The house"})
    sku = sku or f"SKU-{next(_numbers)}"
    product = Product.objects.create(title=title or f"Product {sku}", product_class=kind, structure=Product.STANDALONE)
    return StockRecord.objects.create(product=product, partner=partner, partner_sku=sku, price=price)


def make_location(code: str, *, priority: int = 100, country: str = "", is_active: bool = True) -> Location:
    return Location.objects.create(
        code=code, name=code.title(), priority=priority, country=country, is_active=is_active
    )


def stock(record: StockRecord, quantity: int, location: str = "") -> StockRecord:
    """Receive units through the ledger."""
    entry = Entry(
        stock_record_id=record.pk,
        location_code=location,
        actor_name="test",
        idempotency_key=f"seed:{next(_numbers)}",
    )
    receive_stock(entry, quantity=quantity)
    record.refresh_from_db()
    return record


def stocked(quantity: int, location: str = "", **made: Any) -> StockRecord:
    return stock(make_stock_record(**made), quantity, location)


def run_at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each act in a thread with its own connection, all released together; answers results or exceptions."""
    gate = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            answers[index] = acts[index]()
        except Exception as problem:
            answers[index] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a buyer never got an answer"
    return answers
