"""Ten wrong codes in ten minutes, per basket and per network address; then a pause. Kept in the database, so that it
holds for all web processes and survives a restart."""

import hmac
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from checkout.basket.records import WrongCode
from shop.client_network import network_of

LIMIT = 10
WINDOW = timedelta(minutes=10)
KEPT = timedelta(days=1)


def sources_of(*, basket_id: int, address: str) -> list[str]:
    """What is counted. The address only as a keyed hash, IPv6 by its network: it is personal data."""
    place = network_of(address)
    hashed = hmac.digest(settings.SECRET_KEY.encode(), f"wrong-code:{place}".encode(), "sha256").hex()[:32]
    return [f"basket:{basket_id}", f"net:{hashed}"]


def is_paused(sources: list[str]) -> bool:
    """Whether one of the sources has used up its tries. Holds others of the same source back until the end of the
    transaction, so that parallel tries are counted one after the other."""
    with connection.cursor() as cursor:
        for source in sorted(sources):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"wrong-code:{source}"])
    recent = WrongCode.objects.filter(source__in=sources, at__gt=Now() - WINDOW).order_by()
    counts: dict[str, int] = {}
    for source in recent.values_list("source", flat=True):
        counts[source] = counts.get(source, 0) + 1
    return any(count >= LIMIT for count in counts.values())


def count_wrong_code(sources: list[str]) -> None:
    """Also forgets what is older than a day."""
    WrongCode.objects.filter(at__lt=Now() - KEPT).delete()
    WrongCode.objects.bulk_create(WrongCode(source=source) for source in sources)
