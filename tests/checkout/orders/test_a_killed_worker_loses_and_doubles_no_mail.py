"""OR11 at size: the worker dies at every point of a hand-over, again and again: no mail is lost and none is doubled.

But for the one instant that no mail program can close: the server has taken the mail, and the process dies before it could
write that down. Those carry the Message-ID of the first, by which the receiving side can tell.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models.functions import Now

from checkout.models import Mail
from checkout.orders import mails
from checkout.orders.mails import message_id_of
from shop.outbox import relay
from shop.outbox.models import OutboxEvent
from shop.outbox.publish import publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("OR11")]
BEFORE, NOT_TAKEN, TAKEN, WRITTEN = "before", "not taken", "taken, not written", "written"


class Killed(BaseException):
    """As kill -9: nothing behind it runs, and the connection is gone."""


def write_mails(number: int) -> None:
    with transaction.atomic():
        for place in range(number):
            key = f"killed:{place}"
            letter = Mail.objects.create(
                kind="stock_digest", key=key, message_id=message_id_of(key), to="a@example.com", subject=key, text=key
            )
            publish("mail.queued", {"mail_id": letter.pk}, key=f"mail.queued:{letter.pk}", can_wait=True)


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, dice: random.Random) -> Iterator[Counter[str]]:
    """Of the passages of each point one in six is the last of its process."""
    struck = Counter[str]()

    def maybe(point: str) -> None:
        if dice.random() < 1 / 6:
            struck[point] += 1
            raise Killed

    def act_then(act: Any, *points: str) -> Any:
        def acted(*args: Any, **options: Any) -> Any:
            if points[0]:
                maybe(points[0])
            answer = act(*args, **options)
            maybe(points[1])
            return answer

        return acted

    with monkeypatch.context() as patched:
        patched.setattr(mails, "_message_of", act_then(mails._message_of, BEFORE, NOT_TAKEN))
        patched.setattr(EmailMultiAlternatives, "send", act_then(EmailMultiAlternatives.send, "", TAKEN))
        patched.setattr(relay, "handlers_of", lambda name: [act_then(one, "", WRITTEN) for one in _handlers(name)])
        yield struck


_handlers = relay.handlers_of


def work_until_all_is_done() -> None:
    """Worker after worker; the lease of what a dead one held is over at once."""
    while True:
        open_events = OutboxEvent.objects.filter(done_at__isnull=True)
        open_events.update(available_at=Now(), attempts=0)
        due = list(open_events.values_list("pk", flat=True))
        if not due:
            return
        for event_id in due:
            try:
                relay.handle_event(event_id)
            except Killed:
                connection.close()


def hand_over_under_fire(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mails(number)
    with dying(monkeypatch, random.Random(11)) as struck:
        work_until_all_is_done()
    taken = Counter(message.extra_headers["Message-ID"] for message in outbox.outbox)
    assert set(taken) == set(Mail.objects.values_list("message_id", flat=True)), "none is lost"
    assert sum(taken.values()) - number == struck[TAKEN], "none is doubled but in that instant"
    assert not Mail.objects.filter(sent_at__isnull=True).exists()
    assert {BEFORE, NOT_TAKEN, TAKEN, WRITTEN} == set(struck)


def test_forty_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over_under_fire(40, monkeypatch)


@pytest.mark.long
def test_a_thousand_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over_under_fire(int(os.environ.get("MAILS", "1000")), monkeypatch)
