"""Handle one event, or hand over all that are due."""

import logging
import traceback
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from shop.outbox.models import OutboxEvent
from shop.outbox.subscribe import handlers_of

logger = logging.getLogger(__name__)

RETRY_SECONDS = (5, 15, 60, 300)
LEASE_SECONDS = 60


class NoHandler(RuntimeError):
    """An event nobody handles is a wiring fault, not a success."""


def due_event_ids(*, limit: int = 200) -> list[int]:
    due = OutboxEvent.objects.filter(done_at__isnull=True, parked_at__isnull=True, available_at__lte=Now())
    return list(due.order_by("available_at", "pk").values_list("pk", flat=True)[:limit])


def handle_event(event_id: int) -> bool:
    """Run the handlers of one event; True when it is done by this call.

    The attempt is counted and committed first, so that a job that kills its worker is parked after
    OUTBOX_MAX_ATTEMPTS; it also leases the row for LEASE_SECONDS, so that a second hand-over returns at once. Handlers
    open their own transactions (some talk to the payment provider, where no lock may be held) and are idempotent.
    """
    event = _lease(event_id)
    if event is None:
        return False
    try:
        handlers = handlers_of(event.name)
        if not handlers:
            raise NoHandler(f"Nobody handles {event.name}.")
        for handler in handlers:
            handler(event.payload)
    except Exception:
        logger.exception("outbox event %s (%s) failed", event_id, event.name)
        _record_failure(event_id, traceback.format_exc())
        return False
    OutboxEvent.objects.filter(pk=event_id).update(done_at=Now(), last_error="")
    return True


def _lease(event_id: int) -> OutboxEvent | None:
    """Count an attempt and move `available_at` past the lease; None when busy, done, parked or early."""
    with transaction.atomic():
        event = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(pk=event_id, done_at__isnull=True, parked_at__isnull=True, available_at__lte=Now())
            .first()
        )
        if event is None:
            return None
        if event.attempts >= settings.OUTBOX_MAX_ATTEMPTS:
            OutboxEvent.objects.filter(pk=event_id).update(
                parked_at=Now(), last_error=event.last_error or "The worker died in each attempt."
            )
            return None
        OutboxEvent.objects.filter(pk=event_id).update(
            attempts=F("attempts") + 1, available_at=Now() + timedelta(seconds=LEASE_SECONDS)
        )
        return event


def _record_failure(event_id: int, error: str) -> None:
    with transaction.atomic():
        event = OutboxEvent.objects.select_for_update().get(pk=event_id)
        if event.done_at is not None:
            return
        event.last_error = error[-8000:]
        if event.attempts >= settings.OUTBOX_MAX_ATTEMPTS:
            OutboxEvent.objects.filter(pk=event_id).update(parked_at=Now(), last_error=event.last_error)
        else:
            wait = RETRY_SECONDS[min(event.attempts - 1, len(RETRY_SECONDS) - 1)]
            OutboxEvent.objects.filter(pk=event_id).update(
                available_at=Now() + timedelta(seconds=wait), last_error=event.last_error
            )


def retry_parked(event_ids: list[int]) -> int:
    """Put parked events back to due with fresh attempts; returns how many."""
    return OutboxEvent.objects.filter(Q(pk__in=event_ids), parked_at__isnull=False).update(
        parked_at=None, attempts=0, available_at=Now()
    )
