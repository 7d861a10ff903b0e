"""The outbox: written with the change, handled once, retried, parked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now

from shop.outbox.models import OutboxEvent
from shop.outbox.publish import NotInTransaction, publish
from shop.outbox.relay import due_event_ids, handle_event, retry_parked
from shop.outbox.subscribe import _handlers, subscribe


@pytest.fixture
def seen() -> list[Mapping[str, Any]]:
    calls: list[Mapping[str, Any]] = []
    subscribe("test.happened", calls.append)
    yield calls
    _handlers.pop("test.happened")


def _publish(key: str = "test:1") -> OutboxEvent:
    with transaction.atomic():
        publish("test.happened", {"id": 7}, key=key)
    return OutboxEvent.objects.get(key=key)


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_a_transaction() -> None:
    with pytest.raises(NotInTransaction):
        publish("test.happened", {}, key="alone")


@pytest.mark.django_db(transaction=True)
def test_the_same_key_is_written_once() -> None:
    with transaction.atomic():
        assert publish("test.happened", {"id": 1}, key="k") is True
    with transaction.atomic():
        assert publish("test.happened", {"id": 2}, key="k") is False
    assert OutboxEvent.objects.get().payload == {"id": 1}


@pytest.mark.django_db(transaction=True)
def test_an_event_rolled_back_never_was() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish("test.happened", {}, key="gone")
        raise RuntimeError
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_a_handled_event_is_not_handled_again(seen: list[Mapping[str, Any]]) -> None:
    event = _publish()
    assert handle_event(event.pk) is True
    assert handle_event(event.pk) is False
    assert seen == [{"id": 7}]


@pytest.mark.django_db
def test_an_event_leased_by_one_worker_is_not_taken_by_another(seen: list[Mapping[str, Any]]) -> None:
    event = _publish()
    OutboxEvent.objects.filter(pk=event.pk).update(attempts=1, available_at=Now() + timedelta(seconds=30))
    assert handle_event(event.pk) is False
    assert seen == []


@pytest.mark.django_db
def test_an_event_that_always_fails_is_parked_with_its_error_and_can_be_retried(settings: Any) -> None:
    def fail(payload: Mapping[str, Any]) -> None:
        raise ValueError("the printer is on fire")

    subscribe("test.broken", fail)
    try:
        with transaction.atomic():
            publish("test.broken", {}, key="broken")
        event = OutboxEvent.objects.get(key="broken")
        for _ in range(settings.OUTBOX_MAX_ATTEMPTS):
            OutboxEvent.objects.filter(pk=event.pk).update(available_at=Now())
            handle_event(event.pk)
        event.refresh_from_db()
        assert event.parked_at is not None
        assert "the printer is on fire" in event.last_error
        assert event.pk not in due_event_ids()
        assert retry_parked([event.pk]) == 1
        event.refresh_from_db()
        assert (event.parked_at, event.attempts) == (None, 0)
    finally:
        _handlers.pop("test.broken")


@pytest.mark.django_db
def test_a_poison_job_that_kills_its_worker_is_parked(settings: Any, seen: list[Mapping[str, Any]]) -> None:
    event = _publish()
    OutboxEvent.objects.filter(pk=event.pk).update(attempts=settings.OUTBOX_MAX_ATTEMPTS)
    assert handle_event(event.pk) is False
    event.refresh_from_db()
    assert event.parked_at is not None
    assert "worker died" in event.last_error
    assert seen == []


@pytest.mark.django_db
def test_an_event_nobody_handles_is_a_failure_not_a_success() -> None:
    with transaction.atomic():
        publish("test.unknown", {}, key="unknown")
    event = OutboxEvent.objects.get(key="unknown")
    assert handle_event(event.pk) is False
    event.refresh_from_db()
    assert event.done_at is None
    assert "Nobody handles test.unknown" in event.last_error


def test_an_absent_queue_is_asked_once_in_a_while_not_for_each_event(monkeypatch: pytest.MonkeyPatch) -> None:
    from shop.outbox import tasks

    asked: list[int] = []

    def refuse(arguments: tuple[int], **options: Any) -> None:
        asked.append(arguments[0])
        raise ConnectionError("nobody there")

    monkeypatch.setattr(tasks, "_paused_until", 0.0)
    monkeypatch.setattr(tasks.handle_event_task, "apply_async", refuse)
    assert [tasks.hand_over(event_id) for event_id in (1, 2, 3)] == [False, False, False]
    assert asked == [1]
