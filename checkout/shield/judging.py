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
    if not facts.is_proven and (hold := _judge_place(facts)) is not None:
        return hold
    is_hasty = visitor.is_hasty or facts.was_hasty
    levels = (*limits.RUSH_LEVELS, *limits.HASTY_LEVELS) if is_hasty else limits.RUSH_LEVELS
    return None if facts.is_proven or _has_bought_before(visitor) else _judge_shop(facts, levels)


def _judge_shop(facts: Facts, levels: tuple[tuple[int, int], ...]) -> Hold | None:
    """What the whole shop sees just now. However many places they come from, and however slowly a refusal is told: so many
    tries may come to nothing, and no more. Whose own page is open already asks for no other."""
    if facts.is_rush(levels):
        return _rush()
    if facts.is_open:
        return None
    limit = settings.PAYMENTS_AT_ONCE
    if facts.shop_spent >= limit + facts.shop_paid // 2 or facts.hour_spent >= limit:
        return _burst() if facts.shop_unanswered * 2 > facts.shop_spent else _rush()
    return None


def _judge_place(facts: Facts) -> Hold | None:
    """Whether the mail address, a card or the place of this order has used up its tries. Of a place with open pages it will
    soon be known what becomes of them."""
    if facts.mail_declined >= limits.MAIL_DECLINED:
        last = facts.mail_last
    elif facts.card_declined >= limits.CARD_DECLINED:
        last = facts.card_last
    elif facts.net_declined >= limits.NET_DECLINED and facts.net_declined > facts.net_paid:
        last = facts.net_last
    elif facts.net_spent >= limits.NET_SPENT + facts.net_paid and not facts.is_open:
        if facts.net_waits:
            return _burst()
        last = facts.net_last
    else:
        return None
    assert last is not None
    return _hold_until(last, can_prove=True)


def _rush() -> Hold:
    return Hold(Why.RUSH, database_now() + limits.RUSH_WINDOW, can_prove=True)


def _burst() -> Hold:
    return Hold(Why.BURST, database_now() + limits.BURST_PAUSE, can_prove=True)


def _hold_until(last: datetime, *, can_prove: bool) -> Hold:
    return Hold(Why.OFTEN, last + limits.WINDOW, can_prove=can_prove)


def _has_bought_before(visitor: Visitor) -> bool:
    """Signed in, and an order of that account was paid before today's rush."""
    if visitor.customer_id is None:
        return False
    before = Now() - timedelta(hours=24)
    return PlacedOrder.objects.filter(order__user_id=visitor.customer_id, paid_at__lt=before).exists()
