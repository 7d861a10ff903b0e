"""Units whose money goes back take their downloads along: a line with none left loses its rights, else its share."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from checkout.downloads.granting import revoke_downloads
from checkout.downloads.records import Entitlement
from checkout.orders.states import lock_order
from checkout.orders.timeline import record_event


@transaction.atomic
def end_given_back(*, order_id: int, units: Mapping[int, tuple[int, int]], reason: str, actor: Any = None) -> None:
    """`units` by line: how many go back now, and how many stay. Once for each refund: its caller sees to that.

    Of rights that stay the downloads shrink by the share, never below what was used.
    """
    lock_order(order_id)
    gone = [line for line, (_, left) in units.items() if not left]
    if gone:
        revoke_downloads(order_id=order_id, line_ids=gone, reason=reason, actor=actor)
    staying = Entitlement.objects.filter(line__in=set(units) - set(gone), revoked_at__isnull=True)
    for one in staying.select_related("file").order_by("pk"):
        back, left = units[one.line_id]
        share = one.downloads - one.downloads * left // (left + back)
        Entitlement.objects.filter(pk=one.pk).update(
            downloads=F("downloads") - share, allowed=Greatest(F("allowed") - share, F("used"))
        )
        record_event(
            order_id=order_id,
            kind="edit",
            message=f"{one.file} can be downloaded {share} {'time' if share == 1 else 'times'} less.",
            reason=reason,
            actor=actor,
            data={"entitlement": one.pk},
        )
