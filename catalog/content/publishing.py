"""Publish a draft now or at a time, end what is shown, go back to a version. One function each; all are audited."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from catalog.addresses.standing import Standing, standing_of
from catalog.content.models import Menu, Page, Showing, Version
from catalog.content.snapshot import Body, copy_draft, links_of, write_draft
from shop.audit.record import record_action


class ContentRefused(ValueError):
    """Nothing was changed; the message is the sentences to show."""


def publish_draft(
    piece: Page | Menu, *, actor: Any, actor_name: str = "", starts_at: datetime | None = None,
    ends_at: datetime | None = None, note: str = "",
) -> Showing:  # fmt: skip
    """Show the draft as it is now, from `starts_at` (None: at once) until `ends_at` (None: until something newer begins).

    When it ends, what was shown before is shown again. Raises ContentRefused with a sentence for each link that leads
    nowhere, and for a time that is over or upside down.
    """
    with transaction.atomic():
        _lock(piece)
        now = database_time()
        if ends_at is not None and ends_at <= max(starts_at or now, now):
            raise ContentRefused("The end lies before the beginning, or in the past. Choose a later end, or none.")
        body = copy_draft(piece)
        _check(piece, body)
        who = actor_name or str(actor)
        showing = Showing.objects.create(
            version=_keep(piece, body, who=who, note=note),
            subject=piece.subject,
            starts_at=max(starts_at or now, now),
            ends_at=ends_at,
            made_by=who,
        )
        _audit(
            piece,
            "publish",
            actor,
            actor_name,
            after={"version": showing.version.number, "from": str(showing.starts_at)},
        )
        return showing


def keep_version(piece: Page | Menu, *, actor: Any, note: str = "") -> Version:
    """Keep the draft as a version without showing it. The same draft twice is one version."""
    with transaction.atomic():
        _lock(piece)
        return _keep(piece, copy_draft(piece), who=str(actor), note=note)


def restore_version(piece: Page | Menu, *, version: Version, actor: Any) -> None:
    """Make the draft what the version says; the draft as it is now is kept as a version first, so nothing is lost.

    What shoppers see does not change until the draft is published.
    """
    if version.subject != piece.subject:
        raise ContentRefused("That version belongs to another page. Choose one from this page's list.")
    with transaction.atomic():
        _lock(piece)
        _keep(piece, copy_draft(piece), who=str(actor), note=f"before going back to version {version.number}")
        write_draft(piece, version.body)
        _audit(piece, "restore", actor, "", after={"version": version.number})


def end_showing(piece: Page | Menu, *, actor: Any) -> int:
    """End everything that is shown or scheduled; returns how much that was."""
    with transaction.atomic():
        _lock(piece)
        open_ones = Showing.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=Now()), subject=piece.subject)
        ended = open_ones.filter(starts_at__gt=Now()).update(ends_at=F("starts_at"))
        ended += open_ones.filter(starts_at__lte=Now()).update(ends_at=Now())
        _audit(piece, "end", actor, "", after={"ended": ended})
        return ended


def dead_links(body: Body) -> list[str]:
    """A sentence for each link of a body that leads a shopper nowhere. Links that leave the shop are not asked."""
    sentences = []
    for place, link in links_of(body):
        if not link.startswith("/") or link.startswith("//"):
            continue
        standing = standing_of(link)
        if standing in (Standing.HIDDEN, Standing.ABSENT):
            sentences.append(f"{place} leads to {link}, which {standing.value}. Choose another target, or take it out.")
    return sentences


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


def _check(piece: Page | Menu, body: Body) -> None:
    if isinstance(piece, Menu) and not body["entries"]:
        raise ContentRefused("The menu has no entry. Add one, or end what is shown to get the shop's own menu back.")
    problems = dead_links(body)
    if problems:
        raise ContentRefused(" ".join(problems))


def _keep(piece: Page | Menu, body: Body, *, who: str, note: str) -> Version:
    latest = Version.objects.filter(subject=piece.subject).order_by("-number").first()
    if latest is not None and latest.body == body:
        return latest
    number = (Version.objects.filter(subject=piece.subject).aggregate(last=Max("number"))["last"] or 0) + 1
    return Version.objects.create(subject=piece.subject, number=number, body=body, made_by=who, note=note[:200])


def _lock(piece: Page | Menu) -> None:
    """One act on a piece at a time."""
    type(piece)._default_manager.select_for_update().get(pk=piece.pk)


def _audit(piece: Page | Menu, action: str, actor: Any, actor_name: str, *, after: dict[str, Any]) -> None:
    kind, _, key = piece.subject.partition(":")
    record_action(
        action=action, subject_type=kind, subject_id=key, actor=actor, actor_name=actor_name, before={"name": str(piece)},
        after=after,
    )  # fmt: skip
