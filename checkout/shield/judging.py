"""May this order ask the provider for its payment page now? Four counts of its own, and two of the whole shop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.records import PlacedOrder
from checkout.quote.clock import database_now
from checkout.shield import limits
from checkout.shield.noting import mail_of
from checkout.shield.records import HeldPayment, PaymentTry
from checkout.shield.visitor import Visitor

Kind = PaymentTry.Kind
Why = HeldPayment.Why

_RUSH = """
WITH paid AS (
    SELECT DISTINCT order_id FROM checkout_paymenttry
    WHERE kind = 'paid' AND at > statement_timestamp() - %(window)s
), failing AS (
    SELECT coalesce(nullif(net, ''), 'order:' || order_id) AS who FROM checkout_paymenttry
    WHERE kind = 'declined' AND at > statement_timestamp() - %(window)s AND order_id NOT IN (SELECT order_id FROM paid)
    UNION ALL
    SELECT coalesce(nullif(net, ''), 'order:' || order_id) FROM checkout_heldpayment
    WHERE why = 'rush' AND last_at > statement_timestamp() - %(window)s AND proven_at IS NULL AND released_at IS NULL
      AND order_id NOT IN (SELECT order_id FROM paid)
), counted AS (SELECT least(count(*), %(cap)s) AS failures FROM failing GROUP BY who)
SELECT (SELECT coalesce(sum(failures), 0) FROM counted)::integer, (SELECT count(*) FROM paid)
"""
_UNANSWERED = """
WITH asked AS (
    SELECT DISTINCT order_id, coalesce(nullif(net, ''), 'order:' || order_id) AS who FROM checkout_paymenttry asked
    WHERE kind = 'opened' AND at > statement_timestamp() - %(window)s
      AND NOT EXISTS (
        SELECT FROM checkout_paymenttry told
        WHERE told.order_id = asked.order_id AND told.kind <> 'opened' AND told.at >= asked.at
      )
), counted AS (SELECT least(count(*), %(cap)s) AS orders FROM asked GROUP BY who)
SELECT coalesce(sum(orders), 0)::integer, EXISTS (SELECT FROM asked WHERE order_id = %(order)s) FROM counted
"""


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` it may be tried again without more ado; `can_prove` says whether a mail is another way."""

    why: str
    until: datetime
    can_prove: bool


@dataclass(frozen=True, slots=True)
class Weather:
    """The last ten minutes of the whole shop. A refused card counts unless its order was paid after all."""

    failures: int
    paid: int

    def is_rush(self, levels: tuple[tuple[int, int], ...]) -> bool:
        tries = self.failures + self.paid
        return any(tries >= least and self.failures * 100 > percent * tries for least, percent in levels)


def judge(order: Order, visitor: Visitor) -> Hold | None:
    """None when it may go on. Counts only: nothing is written."""
    known = HeldPayment.objects.filter(order=order).first()
    if known is not None and known.released_at is not None:
        return None
    is_proven = known is not None and known.proven_at is not None
    recent = PaymentTry.objects.filter(at__gt=Now() - limits.WINDOW)
    mine = _tally(recent.filter(order=order), Count("pk", filter=Q(kind=Kind.OPENED)))
    most = limits.ORDER_DECLINED * (2 if is_proven else 1)
    if mine["declined"] >= most or mine["opened"] >= limits.ORDER_OPENED * (2 if is_proven else 1):
        return _hold_until(Why.OFTEN, mine["last"], can_prove=not is_proven)
    if not is_proven and (last := _last_of_crowded(order, visitor, recent)) is not None:
        return _hold_until(Why.OFTEN, last, can_prove=True)
    is_hasty = visitor.is_hasty or (known is not None and known.is_hasty)
    levels = (*limits.RUSH_LEVELS, *limits.HASTY_LEVELS) if is_hasty else limits.RUSH_LEVELS
    return None if is_proven or _has_bought_before(visitor) else _judge_shop(order, levels)


def _judge_shop(order: Order, levels: tuple[tuple[int, int], ...]) -> Hold | None:
    """What the whole shop sees just now. A burst is bounded before the first refusal is told; whose own page is open
    already asks for no other."""
    weather = read_weather()
    if weather.is_rush(levels):
        return Hold(Why.RUSH, database_now() + limits.RUSH_WINDOW, can_prove=True)
    unanswered, is_open = count_unanswered(order)
    if not is_open and unanswered >= settings.PAYMENTS_AT_ONCE + weather.paid // 2:
        return Hold(Why.BURST, database_now() + limits.BURST_PAUSE, can_prove=True)
    return None


def count_unanswered(order: Order) -> tuple[int, bool]:
    """Orders whose page at the provider was opened in the last ten minutes, and nothing was told since; whether this one
    is among them. No more than BURST_CAP of one place count.
    """
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"window": limits.RUSH_WINDOW, "cap": limits.BURST_CAP, "order": order.pk}
        cursor.execute(_UNANSWERED, values)
        count, is_mine = cursor.fetchone()
    return int(count), bool(is_mine)


def read_weather() -> Weather:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"window": limits.RUSH_WINDOW, "cap": limits.RUSH_CAP}
        cursor.execute(_RUSH, values)
        failures, paid = cursor.fetchone()
    return Weather(failures=failures, paid=paid)


def _last_of_crowded(order: Order, visitor: Visitor, recent: QuerySet[PaymentTry]) -> datetime | None:
    """When the place, mail address or a card of this order was used last, if one of them has used up its tries."""
    mail = _tally(recent.filter(mail=mail_of(order)))
    if mail["declined"] >= limits.MAIL_DECLINED:
        return mail["last"]
    cards = PaymentTry.objects.filter(order=order).exclude(card="").values("card")
    card = _tally(recent.filter(card__in=cards))
    if card["declined"] >= limits.CARD_DECLINED:
        return card["last"]
    if not visitor.net:
        return None
    net = _tally(recent.filter(net=visitor.net))
    unpaid = net["opened"] - net["paid"]
    is_refused = net["declined"] >= limits.NET_DECLINED and net["declined"] > net["paid"]
    is_unpaid = unpaid >= limits.NET_UNPAID and unpaid > 2 * net["paid"]
    return net["last"] if is_refused or is_unpaid else None


def _tally(rows: QuerySet[PaymentTry], opened: Any = None) -> dict[str, Any]:
    """How many orders were opened (or `opened`), cards refused, orders paid; when the last of them was."""
    return rows.aggregate(
        opened=opened or Count("order", filter=Q(kind=Kind.OPENED), distinct=True),
        declined=Count("pk", filter=Q(kind=Kind.DECLINED)),
        paid=Count("pk", filter=Q(kind=Kind.PAID)),
        last=Max("at"),
    )


def _hold_until(why: str, last: datetime, *, can_prove: bool) -> Hold:
    return Hold(why, last + limits.WINDOW, can_prove=can_prove)


def _has_bought_before(visitor: Visitor) -> bool:
    """Signed in, and an order of that account was paid before today's rush."""
    if visitor.customer_id is None:
        return False
    before = Now() - timedelta(hours=24)
    return PlacedOrder.objects.filter(order__user_id=visitor.customer_id, paid_at__lt=before).exists()
