"""Write a failure down, and say that somebody has looked into it."""

import logging
from collections.abc import Sequence

from django.db import Error, connection
from django.db.models.functions import Now
from django.http import HttpRequest

from shop.failures.models import ServerFailure

logger = logging.getLogger(__name__)


def record_failure(request: HttpRequest, problem: BaseException | None) -> bool:
    """Keep what broke; False when the database itself cannot take it (then only the log has it).

    Never raises: the page that says sorry must not break as well. Inside a transaction that is lost nothing is written.
    """
    if connection.in_atomic_block and connection.needs_rollback:
        return False
    try:
        ServerFailure.objects.create(
            request_id=str(request.META.get("REQUEST_ID", ""))[:64],
            method=(request.method or "")[:10],
            path=request.path[:300].replace("\x00", ""),
            kind=f"{type(problem).__module__}.{type(problem).__qualname__}"[:200] if problem else "unknown",
        )
    except Error as refusal:
        logger.error("a server error could not be recorded: %s", refusal)
        return False
    return True


def explain_failures(ids: Sequence[int], *, actor_name: str) -> int:
    """Mark as looked into; how many were open until now. The rows stay."""
    return ServerFailure.objects.filter(pk__in=ids, explained_at__isnull=True).update(
        explained_at=Now(), explained_by=actor_name[:200]
    )
