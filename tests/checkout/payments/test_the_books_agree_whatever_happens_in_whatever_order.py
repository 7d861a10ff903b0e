"""I1 to I7 and the provider's own books after each step of drawn sequences; `make faults` draws many more."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.checkout.payments.buying_machine import BuyingMachine
from tests.checkout.till import Till

pytestmark = pytest.mark.django_db


def test_stock_money_and_vouchers_add_up_after_every_step(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sequences in each run; papers are drawn by tests of their own."""
    monkeypatch.setattr("checkout.wiring.draw_files", lambda paper_id: None)
    BuyingMachine.open(till)
    run_state_machine_as_test(
        BuyingMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert BuyingMachine.outcomes["paid"], BuyingMachine.outcomes
