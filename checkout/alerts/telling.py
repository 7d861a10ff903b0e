"""Tell those who wait, in their order, each once, no more than the units could serve.

Of ten units that are back, thirty people hear: not all of them buy, and the rest keep their place in the queue.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from catalog.pricing.current import Price, prices_for
from catalog.publication.openness import is_published
from checkout.alerts.letters import write_letters
from checkout.alerts.records import Alert, QuietAddress
from inventory.availability import saleable_for
from inventory.promises import units_at_once

PEOPLE_PER_UNIT: Final = 3
MOST_AT_ONCE: Final = 3000


def tell_of_return(stock_record_ids: Iterable[int], *, since: datetime) -> int:
    """Something sold out can be sold again since an instant; answers how many were told.

    Told since that instant counts against the limit, so that the same event twice tells nobody more. A thing that has
    been sold out once more tells nobody: they keep waiting.
    """
    waiting = set(
        _open(Alert.Kind.BACK).filter(stock_record__in=list(stock_record_ids)).values_list("stock_record", flat=True)
    )
    return sum(_tell_queue(record_id, since=since) for record_id in sorted(waiting))


@transaction.atomic
def _tell_queue(record_id: int, *, since: datetime) -> int:
    _one_at_a_time(record_id)
    units = units_at_once([record_id]).get(record_id, 0)
    told = Alert.objects.filter(stock_record=record_id, kind=Alert.Kind.BACK, told_at__gte=since).count()
    room = MOST_AT_ONCE if units is None else min(PEOPLE_PER_UNIT * units - told, MOST_AT_ONCE)
    if room <= 0:
        return 0
    queue = _open(Alert.Kind.BACK).filter(stock_record=record_id).order_by("pk")
    return _tell(list(queue[:room]), prices=prices_for([record_id]))


def tell_of_lower_price(stock_record_ids: Iterable[int]) -> int:
    """Those who asked when it cost more than now, if it can be bought; answers how many were told."""
    asked = _open(Alert.Kind.PRICE).filter(stock_record__in=list(stock_record_ids))
    records = sorted(set(asked.values_list("stock_record", flat=True)))
    units = saleable_for(records)
    return sum(_tell_of_price(pk) for pk in records if units.get(pk, 0) != 0)


@transaction.atomic
def _tell_of_price(record_id: int) -> int:
    _one_at_a_time(record_id)
    prices = prices_for([record_id])
    if record_id not in prices:
        return 0
    cheaper = _open(Alert.Kind.PRICE).filter(stock_record=record_id, price__gt=prices[record_id].amount)
    return _tell(list(cheaper.order_by("pk")[:MOST_AT_ONCE]), prices=prices)


def _tell(alerts: list[Alert], *, prices: dict[int, Price]) -> int:
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(told_at=Now())
    write_letters(alerts, prices=prices)
    return len(alerts)


def _open(kind: str) -> QuerySet[Alert]:
    """Open alerts for things that are in the shop, in no order yet; never of a quiet address."""
    alerts = Alert.objects.filter(is_published("stock_record__product"), kind=kind, told_at=None, stopped_at=None)
    return alerts.exclude(email__in=QuietAddress.objects.values("email")).order_by()


def _one_at_a_time(record_id: int) -> None:
    """Two events about one thing are handled one after the other, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"alerts:{record_id}"])
