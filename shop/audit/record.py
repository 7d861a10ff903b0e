"""Write one audit entry in the caller's transaction."""

from collections.abc import Mapping
from typing import Any

from shop.audit.models import AuditEntry
from shop.requests import current_request_id


def record_action(
    *,
    action: str,
    subject_type: str,
    subject_id: object,
    actor: Any = None,
    actor_name: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """`actor` is a user or None (then `actor_name` says which part of the shop acted, for example `worker`)."""
    known = actor if actor is not None and getattr(actor, "pk", None) else None
    return AuditEntry.objects.create(
        actor_id=known.pk if known is not None else None,
        actor_name=actor_name or (str(known) if known is not None else "shop"),
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
        request_id=current_request_id(),
    )
