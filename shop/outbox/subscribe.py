"""Which functions handle which event. Rooms register in their AppConfig.ready()."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

Handler = Callable[[Mapping[str, Any]], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(name: str, handler: Handler) -> None:
    """Register a handler for an event name. Handlers must be idempotent: an event may be handed over twice."""
    if handler not in _handlers[name]:
        _handlers[name].append(handler)


def handlers_of(name: str) -> tuple[Handler, ...]:
    return tuple(_handlers.get(name, ()))


def subscribed_names() -> tuple[str, ...]:
    return tuple(sorted(name for name, handlers in _handlers.items() if handlers))
