"""The long form (`make faults`) of tests/checkout/payments: FAULTS_EXAMPLES sequences of 40 steps, other ones each time.

FAULTS_SHRINK=1 looks for the shortest sequence that fails, which takes minutes.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.checkout.conftest import provider_url, till
from tests.checkout.payments.buying_machine import BuyingMachine
from tests.checkout.till import Till

__all__ = ["provider_url", "till"]
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.timeout(3600)]
EXAMPLES = int(os.environ.get("FAULTS_EXAMPLES", "150"))


def test_stock_money_and_vouchers_add_up_after_every_step(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkout.wiring.draw_files", lambda paper_id: None)
    BuyingMachine.open(till)
    run_state_machine_as_test(
        BuyingMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            print_blob=True,
            phases=tuple(phase for phase in Phase if phase is not Phase.shrink or os.environ.get("FAULTS_SHRINK")),
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"\n{EXAMPLES} sequences; orders ended as {dict(BuyingMachine.outcomes)}")
    assert len(BuyingMachine.outcomes) >= 5, "every kind of end was reached"
