"""Whether a right to a file stands, judged by the database's clock and the order's money; and its use, counted."""

from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from checkout.downloads.records import Download, Entitlement

RESUME_MINUTES: Final = 60
ASK_US: Final = "Answer the mail of your order if you still need it."

# A refund that is under way counts: the money has left us in all but name.
_STANDING: Final = """
SELECT entitlement.revoked_at IS NOT NULL, sale.status IN ('cancelled', 'refunded') OR COALESCE((
           SELECT sum(attempt.refunded) >= sum(attempt.captured) AND sum(attempt.refunded) > 0
                  AND NOT bool_or(attempt.state = 'authorised')
           FROM checkout_paymentattempt attempt WHERE attempt.order_id = sale.id), false),
       entitlement.expires_at <= now(), entitlement.used >= entitlement.allowed,
       COALESCE(entitlement.open_until > now(), false)
FROM checkout_entitlement entitlement JOIN order_order sale ON sale.id = entitlement.order_id
WHERE entitlement.id = %s
"""


class DownloadEnded(Exception):
    """The link gives nothing any more; the message is the sentence to show."""


def check_standing(entitlement_id: int, *, is_part: bool = False) -> bool:
    """Raises DownloadEnded. With `is_part`: whether it continues a download that has begun, which is free."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, (entitlement_id,))
        is_revoked, is_paid_back, is_over, is_used_up, is_open = cursor.fetchone()
    if is_paid_back:
        raise DownloadEnded("This order was paid back, so its files can no longer be downloaded.")
    if is_revoked:
        raise DownloadEnded(f"This download was ended by the shop. {ASK_US}")
    if is_part and is_open:
        return True
    if is_over:
        raise DownloadEnded(f"The time for this download is over. {ASK_US}")
    if is_used_up:
        raise DownloadEnded(f"This file was downloaded as often as it may be. {ASK_US}")
    return False


def begin_download(entitlement_id: int, *, is_part: bool) -> None:
    """Count one download; parts of it are free for RESUME_MINUTES, so that it may be resumed. Raises DownloadEnded.

    Counted before the first byte leaves, by one conditional update: two at once cannot both be the last.
    """
    with transaction.atomic():
        if check_standing(entitlement_id, is_part=is_part):
            return
        alive = Entitlement.objects.filter(pk=entitlement_id, revoked_at__isnull=True, expires_at__gt=Now())
        counted = alive.filter(used__lt=F("allowed")).update(
            used=F("used") + 1, open_until=Now() + timedelta(minutes=RESUME_MINUTES)
        )
        if not counted:
            raise DownloadEnded(f"This file was downloaded as often as it may be. {ASK_US}")
        number = Entitlement.objects.values_list("used", flat=True).get(pk=entitlement_id)
        Download.objects.create(entitlement_id=entitlement_id, number=number, is_part=is_part)
