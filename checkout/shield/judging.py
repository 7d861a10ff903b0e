"""May this order ask the provider for its payment page now? By what is known of it and of the whole shop."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now

from checkout.orders.records import PlacedOrder
from checkout.quote.clock import database_now
from checkout.shield import limits
from checkout.shield.counting import Facts
from checkout.shield.records import HeldPayment
from checkout.shield.visitor import Visitor

Why = HeldPayment.Why


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` it may be tried again without more ado; `can_prove` says whether a mail is another way."""

    why: str
    until: datetime
    can_prove: bool


def judge(facts: Facts, visitor: Visitor) -> Hold | None:
    """None when it may go on. Nothing is written."""
    if facts.was_released:
        return None
    times = 2 if facts.is_proven else 1
    if facts.order_declined >= limits.ORDER_DECLINED * times or facts.order_opened >= limits.ORDER_OPENED * times:
        assert facts.order_last is not None
        return _hold_until(facts.order_last, can_prove=not facts.is_proven)
    if not facts.is_proven and (last := _last_of_crowded(facts)) is not None:
        return _hold_until(last, can_prove=True)
    is_hasty = visitor.is_hasty or facts.was_hasty
    levels = (*limits.RUSH_LEVELS, *limits.HASTY_LEVELS) if is_hasty else limits.RUSH_LEVELS
    return None if facts.is_proven or _has_bought_before(visitor) else _judge_shop(facts, levels)


def _judge_shop(facts: Facts, levels: tuple[tuple[int, int], ...]) -> Hold | None:
    """What the whole shop sees just now. A burst is bounded before the first refusal is told; whose own page is open
    already asks for no other."""
    if facts.is_rush(levels):
        return Hold(Why.RUSH, database_now() + limits.RUSH_WINDOW, can_prove=True)
    if not facts.is_open and facts.shop_unanswered >= settings.PAYMENTS_AT_ONCE + facts.shop_paid // 2:
        return Hold(Why.BURST, database_now() + limits.BURST_PAUSE, can_prove=True)
    return None


def _last_of_crowded(facts: Facts) -> datetime | None:
    """When the mail address, a card or the place of this order was used last, if one of them has used up its tries."""
    if facts.mail_declined >= limits.MAIL_DECLINED:
        return facts.mail_last
    if facts.card_declined >= limits.CARD_DECLINED:
        return facts.card_last
    unpaid = facts.net_opened - facts.net_paid
    is_refused = facts.net_declined >= limits.NET_DECLINED and facts.net_declined > facts.net_paid
    is_unpaid = unpaid >= limits.NET_UNPAID and unpaid > 2 * facts.net_paid
    return facts.net_last if is_refused or is_unpaid else None


def _hold_until(last: datetime, *, can_prove: bool) -> Hold:
    return Hold(Why.OFTEN, last + limits.WINDOW, can_prove=can_prove)


def _has_bought_before(visitor: Visitor) -> bool:
    """Signed in, and an order of that account was paid before today's rush."""
    if visitor.customer_id is None:
        return False
    before = Now() - timedelta(hours=24)
    return PlacedOrder.objects.filter(order__user_id=visitor.customer_id, paid_at__lt=before).exists()
