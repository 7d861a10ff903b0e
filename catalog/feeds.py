"""Product feeds as people see them: what each is called, and what was found when it was last written.

Feeds are written anew for whoever fetches them, and fetching writes nothing down. What is noted are files that staff have
written, and checks of all feeds: every night, and when somebody asks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.outbox.publish import publish

FEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "google.xml": "Google Merchant Center, XML",
        "google.tsv": "Google Merchant Center, text",
        "meta.csv": "Meta catalogue",
        "products.jsonl": "Agents (ACP)",
    }
)
"""By the last part of the address: who reads it."""
CHECK: Final = "feed.check_asked"
ACTION: Final = "write feed"
LISTED: Final = 200
"""Items left out that are named; of the others only the number is kept."""


def note_feed(
    name: str,
    *,
    items: int,
    rejected: Iterable[tuple[str, str, str]],
    seconds: float,
    file: str = "",
    actor_name: str = "shop",
) -> None:
    """`rejected` are (SKU, title, reason); `file` is empty when the feed was only checked."""
    left_out = list(rejected)
    record_action(
        action=ACTION,
        subject_type="feed",
        subject_id=name,
        actor_name=actor_name,
        after={
            "items": items,
            "rejected": len(left_out),
            "reasons": dict(Counter(reason for _, _, reason in left_out).most_common(LISTED)),
            "listed": left_out[:LISTED],
            "seconds": round(seconds, 2),
            "file": file,
        },
    )


def last_notes() -> dict[str, AuditEntry]:
    """The latest of each feed, by name; feeds that were never written are missing. One query."""
    notes = AuditEntry.objects.filter(action=ACTION, subject_type="feed", subject_id__in=list(FEEDS))
    return {note.subject_id: note for note in notes.order_by("subject_id", "-pk").distinct("subject_id")}


def ask_for_check(*, actor_name: str) -> bool:
    """Have all feeds checked by the worker; False when that was asked for within this minute already. In a transaction."""
    payload: dict[str, Any] = {"actor_name": actor_name}
    return publish(CHECK, payload, key=f"{CHECK}:{timezone.now():%Y-%m-%dT%H:%M}")
