"""The provider itself: its objects, its clock, its switches. Everything else is functions over it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shop.embedded.sandbox.clock import Clock
from shop.embedded.sandbox.errors import missing_resource
from shop.embedded.sandbox.faults import ApiFaults
from shop.embedded.sandbox.store import Json, Store
from shop.embedded.sandbox.switches import WebhookSwitches
from shop.embedded.sandbox.timers import Timers


@dataclass
class Settings:
    """`retry_base` is the wait in seconds after a failed webhook delivery; it doubles each time up to `retry_limit`."""

    merchant_name: str = "Lumen & Loom"
    public_url: str = ""
    webhook_tries: int = 12
    retry_base: float = 1.0
    retry_limit: float = 30.0
    webhook_timeout: float = 10.0
    settle_seconds: float = 1.0
    short_sessions: bool = False


@dataclass
class Sandbox:
    """`caller` is what events of the running request say about it; set under the store's lock.

    `fresh` holds (due, id) of deliveries made in the running transaction; `after_commit` hands them to the courier.
    """

    store: Store
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    faults: ApiFaults = field(default_factory=ApiFaults)
    switches: WebhookSwitches = field(default_factory=WebhookSwitches)
    caller: Json = field(default_factory=lambda: {"id": None, "idempotency_key": None})
    fresh: list[tuple[float, str]] = field(default_factory=list)
    after_commit: Callable[[], None] = lambda: None
    timers: Timers = field(init=False)
    keys_in_use: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.timers = Timers(self.store)

    def find(self, kind: str, id: str, *, noun: str, param: str = "id", status: int = 404) -> Json:
        """The object, or Stripe's `resource_missing`."""
        thing = self.store.get(kind, id)
        if thing is None:
            raise missing_resource(noun=noun, id=id, param=param, status=status)
        return thing


def open_sandbox(*, state_file: Path | None, settings: Settings) -> Sandbox:
    return Sandbox(store=Store(state_file), settings=settings)
