"""Switches that make the API misbehave, set over `/_control/faults`."""

import random
import threading
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from shop.embedded.sandbox.store import make_id

KINDS = ("latency", "timeout", "error", "rate_limit", "reset", "malformed")


@dataclass
class Fault:
    """One rule.

    `kind`: `latency` answers late; `timeout` executes, then never answers (the connection closes after `seconds`);
    `error` answers 500 (executed first when `executed`); `rate_limit` answers 429; `reset` breaks the connection
    before anything ran; `malformed` executes and answers broken JSON.
    `path` is a pattern (`/v1/refunds*`), `method` a verb or "" for any. `remaining` counts down to nothing, None never
    ends. `rate` is the share of matching requests hit. `saved`: whether an idempotency key remembers the 500, as
    Stripe's own do; a load balancer's would not be.
    """

    kind: str
    path: str = "/v1/*"
    method: str = ""
    remaining: int | None = None
    rate: float = 1.0
    seconds: float = 0.0
    executed: bool = False
    saved: bool = True
    id: str = field(default_factory=lambda: make_id("flt_", length=8))
    hits: int = 0

    def is_for(self, *, method: str, path: str) -> bool:
        return self.method in ("", method) and fnmatchcase(path, self.path)


@dataclass
class Trouble:
    """What one request has to suffer: a wait, and at most one fault."""

    seconds: float = 0.0
    fault: Fault | None = None


class ApiFaults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, rule: dict[str, Any]) -> dict[str, Any]:
        """Raises ValueError with a sentence when the rule makes no sense."""
        known = set(Fault.__dataclass_fields__) - {"id", "hits"}
        unknown = sorted(set(rule) - known)
        if unknown:
            raise ValueError(f"Unknown field of a fault: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
        if rule.get("kind") not in KINDS:
            raise ValueError(f"A fault's kind is one of {', '.join(KINDS)}.")
        try:
            fault = Fault(**rule)
            valid = 0 <= fault.rate <= 1 and fault.seconds >= 0 and (fault.remaining is None or fault.remaining > 0)
        except TypeError:
            valid = False
        if not valid:
            raise ValueError(
                "A fault's rate is 0 to 1, its seconds are not negative and its remaining count is positive."
            )
        with self._lock:
            self._rules.append(fault)
        return asdict(fault)

    def meet(self, *, method: str, path: str) -> Trouble:
        """What this request meets; counts it down."""
        trouble = Trouble()
        with self._lock:
            for fault in self._rules:
                if not fault.is_for(method=method, path=path) or random.random() >= fault.rate:
                    continue
                if fault.kind == "latency":
                    trouble.seconds += fault.seconds
                elif trouble.fault is None:
                    trouble.fault = fault
                else:
                    continue
                fault.hits += 1
                if fault.remaining is not None:
                    fault.remaining -= 1
            self._rules = [fault for fault in self._rules if fault.remaining != 0]
        return trouble

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def describe(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._rules]
