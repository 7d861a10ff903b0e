"""What the buying machine stands on: its beginning and end, the coming to rest, and what must hold after each step.

The functions, the database and the provider are the real ones; webhooks arrive when a rule delivers them, jobs run when a
rule lets them. After each step the doctor's questions I1 to I7 have no answer, and the provider's books do not contradict
ours; at rest both sides hold the same money.
"""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.db.models.functions import Now
from django.test import override_settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order
from oscar.apps.voucher.models import Voucher

from checkout.models import Refund
from checkout.payments.errors import PaymentNotPossible, ProviderRefused, ProviderUnavailable
from inventory.ledger import Entry
from inventory.models import StockMovement
from shop.doctor.checks import registered_checks, run_check
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import retry_parked
from tests.checkout.payments.provider_books import contradictions, differences
from tests.checkout.till import Till, run_jobs
from tests.promotions.merchant import make_voucher
from tests.shopfloor import make_product, record_of

AWAY = (ProviderUnavailable, ProviderRefused)
SCARCE, PLENTY = 3, 8
MINUTE, LAPSE = 60, 8 * 86_400


class MachineGround(RuleBasedStateMachine):
    till: ClassVar[Till]
    things: ClassVar[list[Product]]
    outcomes: ClassVar[Counter[str]]

    @classmethod
    def open(cls, till: Till) -> None:
        """Once, in the test's transaction: each example ends by going back to this."""
        cls.till, cls.outcomes = till, Counter()
        cls.things = [make_product("Scarce", price="20.00", stock=SCARCE), make_product(price="7.35", stock=PLENTY)]
        make_voucher("ONCE", usage=Voucher.SINGLE_USE)

    def __init__(self) -> None:
        super().__init__()
        self._later = override_settings()
        self._example = transaction.atomic()
        self._example.__enter__()
        self.till.control.reset()
        self.till.control.change_settings(settle_seconds=MINUTE / 2)
        self.told: set[str] = set()
        self.keys = 0

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.everything_comes_to_rest()
                self.outcomes.update(Order.objects.values_list("status", flat=True))
        finally:
            transaction.set_rollback(True)
            self._example.__exit__(None, None, None)
            if hasattr(self._later, "wrapped"):
                self._later.disable()

    @rule()
    def everything_comes_to_rest(self) -> None:
        """The provider answers again, slow refunds end, all webhooks come, every job has its turns, a person retries what was parked."""
        self.till.control.clear_faults()
        for _ in range(6):
            self.till.control.turn_clock(advance=MINUTE)
            retry_parked(list(OutboxEvent.objects.filter(parked_at__isnull=False).values_list("pk", flat=True)))
            OutboxEvent.objects.filter(done_at__isnull=True, attempts__gt=0).update(available_at=Now())
            is_new = self._deliver("in order")
            run_jobs()
            if not is_new and not OutboxEvent.objects.filter(done_at__isnull=True).exists():
                break
        jobs = OutboxEvent.objects.filter(done_at__isnull=True).values_list("name", "last_error")
        assert not (stuck := list(jobs)), stuck
        assert not (wrong := differences(self.till)), wrong
        assert not (wrong := broken_checks(12)), wrong

    # --- What must hold after each step --------------------------------------------------------------------------

    @invariant()
    def the_doctor_finds_nothing(self) -> None:
        assert not (wrong := broken_checks(7)), wrong

    @invariant()
    def the_provider_does_not_contradict(self) -> None:
        assert not (wrong := contradictions(self.till)), wrong

    @invariant()
    def units_are_neither_made_nor_lost(self) -> None:
        for product in self.things:
            record = record_of(product)
            moved = StockMovement.objects.filter(stock_record=record).values_list("quantity_delta", flat=True)
            assert record.num_in_stock == sum(moved)
            assert 0 <= record.num_allocated <= record.num_in_stock

    # --- How -----------------------------------------------------------------------------------------------------

    def _open_page(self, order: Order) -> str:
        try:
            page = self.till.open(order)
        except (PaymentNotPossible, *AWAY):
            return ""
        return page if page.startswith(self.till.control.base_url) else ""

    def _entry(self, product: int) -> Entry:
        self.keys += 1
        return Entry(
            stock_record_id=record_of(self.things[product]).pk,
            location_code="main",
            actor_name="Ann",
            reason="A test.",
            idempotency_key=f"machine:{id(self)}:{self.keys}",
        )

    def _deliver(self, way: str) -> bool:
        every = self.till.events()
        new = [event for event in every if event["id"] not in self.told]
        chosen: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "in order": lambda: new,
            "reversed": lambda: new[::-1],
            "twice": lambda: [event for event in new for _ in range(2)],
            "the last only": lambda: new[-1:],
            "all of them again": lambda: every,
        }
        events = chosen[way]()
        assert set(self.till.deliver(events)) <= {200}
        self.told |= {event["id"] for event in events}
        return bool(new)


def broken_checks(last: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """But money of a cancelled order whose refund the bank or the provider refused: a person was told (I3.2, an alert)."""
    found = [run_check(check) for check in registered_checks() if int(check.id[1:].split(".")[0]) <= last]
    refused = set(Refund.objects.filter(state=Refund.State.FAILED).values_list("attempt_id", flat=True))
    wrong = []
    for one in found:
        rows = [row for row in one.examples if one.check.id != "I3.2" or row["payment"] not in refused]
        wrong += [(f"{one.check.id} {one.check.name}", rows)] if rows else []
    return wrong
