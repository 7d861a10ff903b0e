"""Locks of stock, vouchers and offers."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models.functions import Now
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher

from catalog.importing.ports import StockCount
from catalog.kits.writing import KitRecipe, write_kits
from catalog.models import KitPart, PriceChange
from catalog.pricing.change import NewPrice, change_prices
from inventory.imported_counts import write_counts
from inventory.ledger import Entry, receive_stock
from inventory.models import ReceiptLine, Reservation, StockLevel, StockMovement, Supplier
from inventory.purchasing.ordering import Draft, WantedLine, place_purchase, write_draft
from inventory.purchasing.receiving import Delivery, receive_delivery
from inventory.reservation import release_expired, release_reservations, reserve
from promotions.models import OfferUse, VoucherUse
from promotions.offer_uses import OfferTaken, release_offers, use_offers
from promotions.vouchers import use_vouchers
from tests.locks.race import Proofs, Race
from tests.promotions.merchant import make_offer, make_voucher
from tests.shopfloor import make_product, record_of

PROOFS = Proofs()
_serial = itertools.count(1)


@PROOFS("inventory/locking.py: lock_stock_records", protects="the last unit is promised to one buyer")
def two_buyers_of_the_last_unit() -> Race:
    record = record_of(make_product("Lamp", stock=1))

    def buy() -> Any:
        return reserve(claim=f"lock:{next(_serial)}", quantities={record.pk: 1}, minutes=15)

    return Race(first=buy, rival=buy, is_broken=lambda *_: Reservation.objects.filter(stock_record=record).count() != 1)


@PROOFS("inventory/locking.py: hold_stock_records", protects="a count from a file and a receipt follow each other")
def an_imported_count_and_a_receipt() -> Race:
    record = record_of(make_product(stock=5))
    row = StockCount(stock_record_id=record.pk, sku=record.partner_sku, location_code="main", quantity=7)
    entry = Entry(
        stock_record_id=record.pk, location_code="main", actor_name="Ann", idempotency_key=f"lock:{next(_serial)}"
    )

    def is_broken(*_: Any) -> bool:
        moved = StockMovement.objects.filter(stock_record=record).order_by("pk")
        after = sum(one.quantity_delta for one in moved)
        level = StockLevel.objects.get(stock_record=record)
        return level.on_hand != after or [one.on_hand_after for one in moved][-1] != after

    return Race(
        first=lambda: write_counts([row], reference=f"lock:{next(_serial)}", actor_name="file"),
        rival=lambda: receive_stock(entry, quantity=3),
        is_broken=is_broken,
    )


def _held(*, is_over: bool = False) -> str:
    record = record_of(make_product(stock=1))
    claim = f"lock:{next(_serial)}"
    reserve(claim=claim, quantities={record.pk: 1}, minutes=15)
    if is_over:
        Reservation.objects.filter(claim=claim).update(expires_at=Now() - timedelta(minutes=1))
    return claim


@PROOFS("inventory/reservation.py: release_reservations", protects="a reservation ends, and is announced, once")
def two_ends_of_one_reservation() -> Race:
    claim = _held()

    def release() -> int:
        return release_reservations(claim)

    return Race(first=release, rival=release, is_broken=lambda *answers: sum(answers) != 1)


@PROOFS(
    "inventory/reservation.py: release_expired",
    protects="two tidying runs release, and announce, each reservation once",
)
def two_tidying_runs() -> Race:
    _held(is_over=True)
    return Race(first=release_expired, rival=release_expired, waits=False, is_broken=lambda *answers: sum(answers) != 1)


@PROOFS("inventory/purchasing/ordering.py: lock_purchase", protects="deliveries do not bring more than was ordered")
def two_deliveries_of_one_purchase_order() -> Race:
    record = record_of(make_product(stock=1))
    location = StockLevel.objects.get(stock_record=record).location
    supplier = Supplier.objects.create(name=f"Maker {next(_serial)}")
    wanted = WantedLine(stock_record_id=record.pk, sku=record.partner_sku, quantity=10, unit_cost=Decimal(4))
    draft = Draft(supplier_id=supplier.pk, location_id=location.pk, lines=[wanted])
    order = place_purchase(write_draft(draft, actor="Ann").pk, actor="Ann")
    line = order.lines.get()

    def receive() -> Any:
        return receive_delivery(order.pk, Delivery(number=f"LS {next(_serial)}", units={line.pk: 6}), actor="Ann")

    def is_broken(*_: Any) -> bool:
        return sum(ReceiptLine.objects.filter(line=line).values_list("quantity", flat=True)) != 6

    return Race(first=receive, rival=receive, is_broken=is_broken)


@PROOFS("promotions/vouchers.py: _lock", protects="a single-use voucher is used by one order")
def two_orders_with_one_single_use_voucher() -> Race:
    voucher = make_voucher(f"LOCK{next(_serial)}", usage=Voucher.SINGLE_USE)

    def use() -> Any:
        return use_vouchers(claim=f"lock:{next(_serial)}", voucher_ids=[voucher.pk], customer_key="ada@example.com")

    return Race(first=use, rival=use, is_broken=lambda *_: VoucherUse.objects.filter(voucher=voucher).count() != 1)


def _take(offer: ConditionalOffer, claim: str) -> Any:
    taken = OfferTaken(offer_id=offer.pk, applications=1, amount=Decimal("2.00"))
    return use_offers(claim=claim, taken=[taken], customer_key="ada@example.com")


@PROOFS("promotions/offer_uses.py: _lock", protects="an offer gives no more than its limit")
def two_orders_with_the_last_of_an_offer() -> Race:
    offer = make_offer(max_global_applications=1)

    def use() -> Any:
        return _take(offer, f"lock:{next(_serial)}")

    return Race(first=use, rival=use, is_broken=lambda *_: OfferUse.objects.filter(offer=offer).count() != 1)


@PROOFS("promotions/offer_uses.py: release_offers", protects="what an order took from an offer is given back once")
def two_ends_of_one_use_of_an_offer() -> Race:
    offer = make_offer(max_global_applications=9)
    claim = f"lock:{next(_serial)}"
    for one in (claim, f"{claim} beside"):
        _take(offer, one)

    def is_broken(*_: Any) -> bool:
        return ConditionalOffer.objects.get(pk=offer.pk).num_applications != 1

    return Race(first=lambda: release_offers(claim), rival=lambda: release_offers(claim), is_broken=is_broken)


@PROOFS("catalog/kits/writing.py: write_kits", protects="a kit has no stock of its own")
def a_kit_and_a_receipt_of_its_sku() -> Race:
    kit, part = (record_of(make_product(stock=units)) for units in (0, 5))
    entry = Entry(
        stock_record_id=kit.pk, location_code="main", actor_name="Ann", idempotency_key=f"lock:{next(_serial)}"
    )

    def is_broken(*_: Any) -> bool:
        return (
            KitPart.objects.filter(kit_id=kit.pk).exists()
            and StockMovement.objects.filter(stock_record=kit, quantity_delta__gt=0).exists()
        )

    return Race(
        first=lambda: write_kits(
            [KitRecipe(stock_record_id=kit.pk, parts={part.pk: 2})], actor_name="Ann", reason="A test."
        ),
        rival=lambda: receive_stock(entry, quantity=3),
        is_broken=is_broken,
    )


@PROOFS("catalog/pricing/change.py: _LOCK", protects="the history of prices ends with the price that is shown")
def two_changes_of_one_price() -> Race:
    record = record_of(make_product(price="10.00"))

    def change() -> Any:
        new = NewPrice(stock_record_id=record.pk, price=Decimal("8.00"))
        return change_prices([new], actor_name="Ann", reason="A test.")

    # The rival asks for the same price: under the lock it finds nothing to change.
    return Race(
        first=change, rival=change, is_broken=lambda *_: PriceChange.objects.filter(stock_record=record).count() != 2
    )
