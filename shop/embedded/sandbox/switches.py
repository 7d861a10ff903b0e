"""Switches that make webhooks misbehave, set over `/_control/webhooks`."""

import random
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class WebhookSwitches:
    """`delay`: seconds each delivery waits. `drop_all`, `drop_next`, `drop_types`: lost on the way, never retried.

    `duplicate`: how many further copies of each event are sent. `shuffle`: seconds of a random extra wait, so that events
    arrive out of order. `withhold`: deliveries pile up until they are released.
    """

    delay: float = 0.0
    drop_all: bool = False
    drop_next: int = 0
    drop_types: list[str] = field(default_factory=list)
    duplicate: int = 0
    shuffle: float = 0.0
    withhold: bool = False

    def change(self, changes: dict[str, Any]) -> None:
        """Raises ValueError with a sentence for an unknown switch or a value of the wrong kind."""
        for name, value in changes.items():
            if name not in self.__dataclass_fields__:
                raise ValueError(f"Unknown webhook switch: {name}. Known: {', '.join(self.__dataclass_fields__)}.")
            wanted = type(getattr(self, name))
            if wanted is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            if type(value) is not wanted or (wanted in (int, float) and value < 0):
                raise ValueError(f"The webhook switch {name} takes a value of type {wanted.__name__}, not {value!r}.")
            setattr(self, name, value)

    def is_dropping(self, kind: str) -> bool:
        """Whether an event of that type is lost; counts `drop_next` down."""
        if self.drop_all or kind in self.drop_types:
            return True
        if self.drop_next > 0:
            self.drop_next -= 1
            return True
        return False

    def choose_wait(self) -> float:
        return self.delay + (random.uniform(0, self.shuffle) if self.shuffle else 0.0)

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]

    def describe(self) -> dict[str, Any]:
        return asdict(self)
