"""`/_control/...`: where tests and people turn the switches. JSON in, JSON out."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from shop.embedded.sandbox.api import Answer, Request
from shop.embedded.sandbox.courier import Courier
from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.events import present_event
from shop.embedded.sandbox.later import run_due
from shop.embedded.sandbox.payouts import pay_out
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.store import Json, show
from shop.embedded.sandbox.webhooks import release_held, resend_events

STATE = {
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "sessions": "checkout.session",
    "disputes": "dispute",
    "balance_transactions": "balance_transaction",
    "payouts": "payout",
}
CHANGEABLE_SETTINGS = (
    "short_sessions",
    "retry_base",
    "retry_limit",
    "webhook_tries",
    "webhook_timeout",
    "settle_seconds",
)


class Control:
    """The switches of one sandbox."""

    def __init__(self, sandbox: Sandbox, courier: Courier) -> None:
        self._sandbox = sandbox
        self._courier = courier
        self._first_settings = replace(sandbox.settings)
        self._verbs: dict[tuple[str, str], Callable[[Json], Any]] = {
            ("GET", "health"): self.report_health,
            ("GET", "state"): self.dump_state,
            ("GET", "events"): self.list_events,
            ("GET", "deliveries"): self.list_deliveries,
            ("GET", "webhooks"): lambda _: self._sandbox.switches.describe(),
            ("POST", "webhooks"): self.change_webhooks,
            ("POST", "webhooks/release"): self.release,
            ("POST", "resend"): self.resend,
            ("GET", "faults"): lambda _: self._sandbox.faults.describe(),
            ("POST", "faults"): lambda body: self._sandbox.faults.add(body),
            ("DELETE", "faults"): self.clear_faults,
            ("GET", "settings"): lambda _: asdict(self._sandbox.settings),
            ("POST", "settings"): self.change_settings,
            ("POST", "clock"): self.turn_clock,
            ("POST", "payouts"): self.pay_out,
            ("POST", "reset"): self.reset,
        }

    def answer(self, request: Request) -> Answer:
        verb = self._verbs.get((request.method, request.path.removeprefix("/_control/").strip("/")))
        try:
            if verb is None:
                known = ", ".join(f"{method} {name}" for method, name in self._verbs)
                raise LookupError(f"No such control: {request.method} {request.path}. Known: {known}.")
            body = json.loads(request.body or b"{}")
            if not isinstance(body, dict):
                raise ValueError("Send a JSON object.")
            with self._sandbox.store.transaction():
                self._sandbox.caller = {"id": None, "idempotency_key": None}
                result = verb(body)
            self._sandbox.after_commit()
            status = 200
        except LookupError as error:
            status, result = 404, {"error": str(error)}
        except ApiError as error:
            status, result = error.status, {"error": str(error)}
        except (ValueError, TypeError) as error:
            status, result = 400, {"error": str(error)}
        return Answer(status, json.dumps(result).encode(), {"Content-Type": "application/json"})

    def report_health(self, _: Json) -> Json:
        return {"ok": True, "now": self._sandbox.clock.now(), "offset": self._sandbox.clock.offset}

    def dump_state(self, _: Json) -> Json:
        store = self._sandbox.store
        return {name: [show(thing) for thing in store.every(kind)] for name, kind in STATE.items()}

    def list_events(self, _: Json) -> list[Json]:
        """Oldest first."""
        return [show(present_event(self._sandbox, event)) for event in self._sandbox.store.every("event")]

    def list_deliveries(self, _: Json) -> list[Json]:
        return self._sandbox.store.every("delivery")

    def change_webhooks(self, body: Json) -> Json:
        self._sandbox.switches.change(body)
        return self._sandbox.switches.describe()

    def release(self, body: Json) -> Json:
        order = body.get("order", "created")
        if order not in ("created", "reverse", "shuffle"):
            raise ValueError("The order of a release is created, reverse or shuffle.")
        ids = release_held(self._sandbox, order=order)
        self._courier.add_job(ids, due=time.time())
        return {"released": len(ids)}

    def resend(self, body: Json) -> Json:
        """`{"events": [ids]}`, `{"type": "..."}` or `{"all": true}`; `times` and `order` ("created", "reverse")."""
        every = self._sandbox.store.every("event")
        wanted = body.get("events", [])
        ids = [
            event["id"]
            for event in every
            if body.get("all") or event["type"] == body.get("type") or event["id"] in wanted
        ]
        unknown = sorted(set(wanted) - {event["id"] for event in every})
        if unknown:
            raise ValueError(f"No such event: {', '.join(unknown)}.")
        if body.get("order") == "reverse":
            ids.reverse()
        made = resend_events(self._sandbox, ids=ids, times=int(body.get("times", 1)))
        # One job keeps their order; as fresh deliveries they would race each other.
        self._sandbox.fresh = [(due, id) for due, id in self._sandbox.fresh if id not in set(made)]
        self._courier.add_job(made, due=time.time())
        return {"resent": len(made)}

    def clear_faults(self, _: Json) -> Json:
        self._sandbox.faults.clear()
        return {"cleared": True}

    def change_settings(self, body: Json) -> Json:
        settings = self._sandbox.settings
        for name, value in body.items():
            if name not in CHANGEABLE_SETTINGS:
                raise ValueError(f"Unknown setting: {name}. Known: {', '.join(CHANGEABLE_SETTINGS)}.")
            wanted = type(getattr(settings, name))
            if isinstance(value, bool) != (wanted is bool) or not isinstance(value, (int, float)) or value < 0:
                raise ValueError(f"The setting {name} takes a value of type {wanted.__name__}.")
            setattr(settings, name, wanted(value))
        return asdict(settings)

    def turn_clock(self, body: Json) -> Json:
        """`{"offset": seconds}` from real time, or `{"advance": seconds}` from where it stands; what is due then runs."""
        clock = self._sandbox.clock
        if not body or set(body) - {"offset", "advance"}:
            raise ValueError('Send {"offset": seconds} or {"advance": seconds}.')
        clock.offset = float(body.get("offset", clock.offset)) + float(body.get("advance", 0))
        run_due(self._sandbox)
        return self.report_health({})

    def pay_out(self, _: Json) -> list[Json]:
        """What the provider does each night: all available money goes to the bank."""
        return [show(payout) for payout in pay_out(self._sandbox)]

    def reset(self, _: Json) -> Json:
        """Everything forgotten and every switch as at the start; only the webhook endpoints stay."""
        self._sandbox.store.clear(keep=("webhook_endpoint",))
        self._sandbox.timers.reload()
        self._sandbox.fresh.clear()
        self._sandbox.faults.clear()
        self._sandbox.switches.reset()
        self._sandbox.clock.offset = 0.0
        for name in CHANGEABLE_SETTINGS:
            setattr(self._sandbox.settings, name, getattr(self._first_settings, name))
        return {"reset": True}
