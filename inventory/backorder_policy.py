"""Set how a stock record is sold ahead. A later date tells everybody who waits (the event `backorder.slipped`)."""

import uuid
from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Sum
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord

from catalog.kits.records import Kit
from inventory.availability import is_tracked, live_reservations, open_backorders
from inventory.backorders import fill_backorders
from inventory.ledger import StockRefused
from inventory.locking import lock_stock_records
from inventory.models import BackorderPolicy
from inventory.promises import write_day
from shop.outbox.publish import publish

LARGEST_CAP = 1_000_000


class PolicyRefused(StockRefused):
    """The policy cannot be kept or makes no sense; nothing was written. The message is for the person at the desk."""


@transaction.atomic
def set_policy(*, stock_record_id: int, kind: str, cap: int, promised_on: date) -> BackorderPolicy:
    """Sell up to `cap` units ahead, sent from `promised_on`; kind `none` stops selling ahead, and who waits goes on waiting.

    Everybody who waits is told of a later date, with the day that they had been promised. Raises PolicyRefused for a
    day that has passed, for a kit, for things that are not counted, and for a cap below what is sold ahead already.
    """
    lock_stock_records([stock_record_id])
    _check(stock_record_id, kind=kind, cap=cap, promised_on=promised_on)
    policy, _ = BackorderPolicy.objects.update_or_create(
        stock_record_id=stock_record_id,
        defaults={"kind": kind, "cap": cap, "promised_on": promised_on, "changed_at": Now()},
    )
    _announce_slip(stock_record_id, promised_on)
    open_backorders().filter(stock_record=stock_record_id).update(promised_on=promised_on)
    fill_backorders([stock_record_id])
    return policy


def units_sold_ahead(stock_record_id: int) -> int:
    """Units that paid orders wait for, or that somebody at the till is about to."""
    open_units = Sum(F("quantity") - F("filled") - F("cancelled"))
    waiting = open_backorders().filter(stock_record=stock_record_id).aggregate(units=open_units)["units"]
    held = live_reservations().filter(stock_record=stock_record_id).aggregate(units=Sum("waiting"))["units"]
    return (waiting or 0) + (held or 0)


def _check(stock_record_id: int, *, kind: str, cap: int, promised_on: date) -> None:
    if kind not in BackorderPolicy.Kind.values:
        raise PolicyRefused(
            f"{kind!r} is no way to sell ahead; choose one of: {', '.join(BackorderPolicy.Kind.values)}."
        )
    if not 0 < cap <= LARGEST_CAP:
        raise PolicyRefused(f"{cap} cannot be a cap: give a whole number from 1 to {LARGEST_CAP:,}.")
    if kind != BackorderPolicy.Kind.NONE and promised_on < (today := shop_today()):
        raise PolicyRefused(f"{write_day(promised_on)} has passed; promise today, {write_day(today)}, or a later day.")
    if Kit.objects.filter(pk=stock_record_id).exists():
        raise PolicyRefused("This is a kit: it has no units of its own. Sell its parts ahead.")
    counted = StockRecord.objects.annotate(is_tracked=is_tracked()).filter(is_tracked=True)
    if not counted.filter(pk=stock_record_id).exists():
        raise PolicyRefused("The stock of this product is not counted: it can be sold without end already.")
    if cap < (sold := units_sold_ahead(stock_record_id)):
        raise PolicyRefused(
            f"{sold} units are sold ahead already, so the cap cannot be {cap}. To sell no more of them, choose"
            f" “{BackorderPolicy.Kind.NONE.label}” and leave the cap at {sold} or above."
        )


def _announce_slip(stock_record_id: int, promised_on: date) -> None:
    """One event for each claim: what it was told, and what it is told now."""
    late = open_backorders().filter(stock_record=stock_record_id, promised_on__lt=promised_on).order_by("pk")
    by_claim: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for pk, claim, told in late.values_list("pk", "claim", "promised_on"):
        by_claim[claim].append((pk, told))
    for claim, rows in by_claim.items():
        key = f"backorder.slipped:{uuid.uuid4()}"
        payload = {
            "claim": claim,
            "stock_record_id": stock_record_id,
            "backorder_ids": [pk for pk, _ in rows],
            "old": min(told for _, told in rows).isoformat(),
            "new": promised_on.isoformat(),
            "reference": key,
        }
        publish("backorder.slipped", payload, key=key)


@transaction.atomic
def announce_passed_days() -> int:
    """One event `backorder.slipped` without a new day for each claim whose promised day is over; how many are new.

    Nobody has to set another day first: who was let down hears of it by itself. Safe at any time, and twice.
    """
    late = open_backorders().filter(promised_on__lt=shop_today()).order_by("pk")
    by_promise: dict[tuple[str, date], list[int]] = defaultdict(list)
    for pk, claim, told in late.values_list("pk", "claim", "promised_on"):
        by_promise[claim, told].append(pk)
    published = 0
    for (claim, told), ids in by_promise.items():
        key = f"backorder.passed:{claim}:{told}"
        payload = {"claim": claim, "backorder_ids": ids, "old": told.isoformat(), "new": "", "reference": key}
        published += publish("backorder.slipped", payload, key=key)
    return published


def shop_today() -> date:
    """The calendar day of the shop, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (statement_timestamp() AT TIME ZONE %s)::date", [settings.TIME_ZONE])
        day: date = cursor.fetchone()[0]
    return day
