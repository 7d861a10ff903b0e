"""The only place that enqueues domain work."""

import logging
import time

from celery import shared_task

from shop.outbox.relay import due_event_ids, handle_event

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 3.0
_paused_until = 0.0


@shared_task(name="outbox.handle_event")
def handle_event_task(event_id: int) -> None:
    handle_event(event_id)


@shared_task(name="outbox.relay_due_events")
def relay_due_events() -> int:
    """Handle what is due in this worker: one by one, so that a lost message never loses an event."""
    handled = 0
    for event_id in due_event_ids():
        handled += handle_event(event_id)
    return handled


def hand_over(event_id: int) -> bool:
    """Hint Celery; False when Redis is away (the beat's relay finds the row later).

    After a failure this process does not try again for a moment, so that an outage costs a shopper one short wait, not
    one for each event.
    """
    global _paused_until
    if time.monotonic() < _paused_until:
        return False
    try:
        handle_event_task.apply_async((event_id,), retry=False, ignore_result=True)
    except Exception as problem:
        _paused_until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("queue unavailable, event %s waits for the relay: %s", event_id, problem)
        return False
    return True
