"""What happens without being asked, when its time has come."""

import threading
import traceback
from collections.abc import Callable

from shop.embedded.sandbox.capture import expire_authorisation
from shop.embedded.sandbox.charges import settle_charge
from shop.embedded.sandbox.checkout import follow_late_payment
from shop.embedded.sandbox.confirmation import finish_debit
from shop.embedded.sandbox.payouts import arrive_payout
from shop.embedded.sandbox.refunds import finish_refund
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.sessions import expire_if_due
from shop.embedded.sandbox.store import Json

STEP = 0.1


def _end_debit(sandbox: Sandbox, intent: Json) -> None:
    if intent["status"] == "processing":
        succeeded = finish_debit(sandbox, intent)
        follow_late_payment(sandbox, intent=intent, succeeded=succeeded)


ACTIONS: dict[str, tuple[str, Callable[[Sandbox, Json], None]]] = {
    "expire_session": ("checkout.session", expire_if_due),
    "expire_authorisation": ("payment_intent", expire_authorisation),
    "settle_charge": ("charge", settle_charge),
    "finish_refund": ("refund", finish_refund),
    "finish_debit": ("payment_intent", _end_debit),
    "arrive_payout": ("payout", arrive_payout),
}


def run_due(sandbox: Sandbox) -> int:
    """Do everything that is due by the sandbox clock; how many things that was."""
    with sandbox.store.transaction():
        due = sandbox.timers.take_due(sandbox.clock.read())
        sandbox.caller = {"id": None, "idempotency_key": None}
        for timer in due:
            kind, act = ACTIONS[timer["action"]]
            thing = sandbox.store.get(kind, timer["target"])
            if thing is not None:
                act(sandbox, thing)
    if due:
        sandbox.after_commit()
    return len(due)


class Ticker(threading.Thread):
    """Looks every tenth of a second whether something is due."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(name="ticker", daemon=True)
        self._sandbox = sandbox
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(STEP):
            try:
                run_due(self._sandbox)
            except Exception:
                # One thing that cannot be done must not stop the clock for all others.
                traceback.print_exc()

    def stop(self) -> None:
        self._stopped.set()
