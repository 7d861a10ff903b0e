"""The life of a bulk edit: preview, apply in batches, undo in batches. Each batch is a transaction; any may be the last."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now

from catalog.bulk.kinds import BulkKind, BulkRefused
from catalog.bulk.prices import PriceChange
from catalog.bulk.records import BulkEdit, BulkRow
from catalog.bulk.shelving import CategoryChange, StandingChange
from catalog.bulk.wording import TagChange, TaxClassChange
from shop.audit.record import record_action
from shop.outbox.publish import publish

KINDS: Final[Mapping[str, BulkKind]] = {
    kind.name: kind for kind in (PriceChange(), StandingChange(), CategoryChange(), TaxClassChange(), TagChange())
}
BATCH: Final = 250
AT_ONCE: Final = 500
"""Up to so many rows are done while the person waits; more are done in the background."""
SECONDS: Final = 20
GO_ON: Final = "catalog.bulk_edit"
State, Outcome = BulkEdit.State, BulkRow.Outcome


def begin_edit(product_ids: Sequence[int], *, actor: Any) -> BulkEdit:
    """A draft over listed products."""
    return BulkEdit.objects.create(product_ids=list(product_ids), actor=actor, actor_name=str(actor))


def preview_edit(edit_id: int, *, kind: str, choices: Mapping[str, Any], reason: str) -> int:
    """Plan and store the rows, those that meet a rule first; returns how many. Raises BulkRefused."""
    with transaction.atomic():
        edit = _lock(edit_id, State.DRAFT, State.PREVIEWED)
        planned = KINDS[kind].plan(edit.product_ids, choices)
        if not planned:
            raise BulkRefused("Nothing would change: every product is so already.")
        planned.sort(key=lambda row: (not row.refusal, not row.notes))
        edit.rows.all().delete()
        BulkRow.objects.bulk_create(
            [
                BulkRow(
                    edit=edit, position=position, subject_id=row.subject_id, label=row.label, before=row.before,
                    after=row.after, notes=row.notes, reason=row.refusal[:400],
                    outcome=Outcome.REFUSED if row.refusal else Outcome.WAITING,
                )
                for position, row in enumerate(planned)
            ],
            batch_size=1000,
        )  # fmt: skip
        BulkEdit.objects.filter(pk=edit.pk).update(
            kind=kind, choices=dict(choices), reason=reason, state=State.PREVIEWED
        )
    return len(planned)


def apply_edit(edit_id: int) -> None:
    """Apply what the preview showed. Large ones go on in the background."""
    _start(edit_id, was=State.PREVIEWED, becomes=State.APPLYING, action="apply bulk edit")


def undo_edit(edit_id: int) -> None:
    """Put back every row that is still as the edit left it; the others are listed as left alone."""
    _start(edit_id, was=State.APPLIED, becomes=State.UNDOING, action="undo bulk edit")


def count_outcomes(edit: BulkEdit) -> dict[str, int]:
    counted = edit.rows.values_list("outcome").annotate(rows=Count("pk"))
    return {Outcome(outcome).label: rows for outcome, rows in counted}


def _start(edit_id: int, *, was: str, becomes: str, action: str) -> None:
    with transaction.atomic():
        edit = _lock(edit_id, was)
        BulkEdit.objects.filter(pk=edit.pk).update(state=becomes, finished_at=None)
        left = edit.rows.filter(outcome=_source_of(becomes)).count()
        record_action(
            action=action,
            subject_type="bulkedit",
            subject_id=edit.pk,
            actor=edit.actor,
            actor_name=edit.actor_name,
            after={"kind": edit.kind, "choices": edit.choices, "rows": left},
            reason=edit.reason,
        )
        if left > AT_ONCE:
            publish(GO_ON, {"edit_id": edit.pk}, key=f"{GO_ON}:{edit.pk}:{becomes}:{left}")
    if left <= AT_ONCE:
        go_on(edit_id)


def go_on(edit_id: int) -> None:
    """Do what is left for some seconds, then hand the rest to the next event. Safe to call at any time, twice.

    The next event is named by what is left: two workers that see the same write one event.
    """
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if not _do_batch(edit_id):
            return
    with transaction.atomic():
        edit = BulkEdit.objects.get(pk=edit_id)
        left = edit.rows.filter(outcome=_source_of(edit.state)).count()
        publish(GO_ON, {"edit_id": edit_id}, key=f"{GO_ON}:{edit_id}:{edit.state}:{left}")


def _do_batch(edit_id: int) -> bool:
    """One transaction; False when nothing is left to do."""
    with transaction.atomic():
        edit = BulkEdit.objects.select_for_update().get(pk=edit_id)
        if edit.state not in (State.APPLYING, State.UNDOING):
            return False
        is_undo = edit.state == State.UNDOING
        rows = list(edit.rows.filter(outcome=_source_of(edit.state)).order_by("position")[:BATCH])
        if not rows:
            done = State.UNDONE if is_undo else State.APPLIED
            BulkEdit.objects.filter(pk=edit.pk).update(state=done, finished_at=Now())
            return False
        kind = KINDS[edit.kind]
        now = kind.read([row.subject_id for row in rows])
        values: dict[int, Any] = {}
        for row in rows:
            expected, wanted = (row.after, row.before) if is_undo else (row.before, row.after)
            if row.subject_id not in now or now[row.subject_id] != expected:
                row.outcome = Outcome.LEFT_ALONE if is_undo else Outcome.SKIPPED
                row.reason = _say_now(kind, now, row)
            else:
                values[row.subject_id] = wanted
                row.outcome = Outcome.UNDONE if is_undo else Outcome.APPLIED
        if values:
            words = f"{'undo of ' if is_undo else ''}bulk edit {edit.pk}: {edit.reason}"
            kind.write(values, actor_name=edit.actor_name, reason=words[:200])
        BulkRow.objects.bulk_update(rows, ["outcome", "reason"])
    return True


def _say_now(kind: BulkKind, now: Mapping[int, Any], row: BulkRow) -> str:
    if row.subject_id not in now:
        return "It is gone."
    return f"It is {kind.say(now[row.subject_id])} now."[:400]


def _source_of(state: str) -> str:
    return Outcome.APPLIED if state == State.UNDOING else Outcome.WAITING


def _lock(edit_id: int, *states: str) -> BulkEdit:
    edit = BulkEdit.objects.select_for_update().get(pk=edit_id)
    if edit.state not in states:
        raise BulkRefused(f"This bulk edit is {edit.get_state_display()} by now. Reload the page.")
    return edit
