"""The one definition of how many units may be sold. Page, basket, checkout, feed and admin all ask here.

    room     = units free at active locations (on hand - allocated - buffer, at least 0 each) - live reservations
               - units that paid orders wait for
    saleable = room + the cap of an open backorder policy

What room there is can be sent at once; the rest is sold ahead, for the promised day (see `inventory.promises`).

A reservation is live while it is not released and the database's clock has not passed its end, so an expired one frees
its units at once, whether or not anything has tidied it up. (The clock is Django's `Now`: on PostgreSQL the start of the
statement, not of the transaction, which may lie before a long wait for a lock.) Products whose class does not track
stock are unlimited.

A kit has no units of its own: as many can be sold as the scarcest of its parts allows,

    saleable(kit) = min over its parts of floor(saleable(part) / units of the part in one kit)
"""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    Exists,
    Expression,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Now, TruncDate
from oscar.apps.partner.models import StockRecord

from catalog.kits.records import KitPart
from inventory.models import Backorder, BackorderPolicy, Reservation, StockLevel
from shop.written_once import any_of, written_once

ZERO = Value(0)


def is_tracked(at: str = "") -> Expression:
    """Whether a stock record's product counts units: the class of the product, or of its parent for a variant.

    `at` is the path to the stock record, for queries that begin elsewhere (`component__`).
    """
    own, above = f"{at}product__product_class__track_stock", f"{at}product__parent__product_class__track_stock"
    return Coalesce(F(own), F(above), True)


def units_free(*, keep_buffer: bool = True, record: str = "pk") -> Expression:
    """Units at active locations that no paid order holds; without the buffer unless `keep_buffer` is False."""
    free = F("on_hand") - F("allocated")
    levels = StockLevel.objects.filter(stock_record=OuterRef(record), location__is_active=True).order_by()
    total = Sum(Greatest(free - F("buffer"), ZERO) if keep_buffer else free)
    return Coalesce(Subquery(levels.values("stock_record").annotate(total=total).values("total")), ZERO)


def live_reservations() -> QuerySet[Reservation]:
    return Reservation.objects.filter(released_at__isnull=True, expires_at__gt=Now()).order_by()


def units_reserved(condition: Q | None = None, *, record: str = "pk") -> Expression:
    """Units under live reservations, all or those that meet the condition."""
    live = live_reservations().filter(condition or Q(), stock_record=OuterRef(record))
    total = live.values("stock_record").annotate(total=Sum("quantity")).values("total")
    return Coalesce(Subquery(total), ZERO)


def units_held(condition: Q | None = None, *, record: str = "pk") -> Expression:
    """Units on the shelf under live reservations: without those that have to come in first."""
    live = live_reservations().filter(condition or Q(), stock_record=OuterRef(record))
    total = live.values("stock_record").annotate(total=Sum(F("quantity") - F("waiting"))).values("total")
    return Coalesce(Subquery(total), ZERO)


def open_backorders() -> QuerySet[Backorder]:
    return Backorder.objects.filter(quantity__gt=F("filled") + F("cancelled")).order_by()


def units_waiting(*, record: str = "pk") -> Expression:
    """Units that paid orders wait for."""
    waiting = open_backorders().filter(stock_record=OuterRef(record)).values("stock_record")
    return Coalesce(
        Subquery(waiting.annotate(total=Sum(F("quantity") - F("filled") - F("cancelled"))).values("total")), ZERO
    )


def open_policies() -> QuerySet[BackorderPolicy]:
    """Policies under which units may be sold ahead now: until the end of the promised day in the shop's time zone."""
    today = TruncDate(Now(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    return BackorderPolicy.objects.exclude(kind=BackorderPolicy.Kind.NONE).filter(promised_on__gte=today).order_by()


def units_ahead(*, record: str = "pk") -> Expression:
    """Units that may be sold before they are there."""
    return Coalesce(Subquery(open_policies().filter(stock_record=OuterRef(record)).values("cap")), ZERO)


def room_on_shelf(*, record: str = "pk") -> Expression:
    """Units that could be sent at once; below zero when more are waited for than are there."""
    return units_free(record=record) - units_reserved(record=record) - units_waiting(record=record)


def units_of_single(record: str = "pk") -> Expression:
    """Of a counted thing that is no kit."""
    return Greatest(room_on_shelf(record=record) + units_ahead(record=record), ZERO)


def counted_parts() -> QuerySet[Any]:
    """Parts of kits with `possible`: how many kits this part alone would allow. Uncounted parts limit nothing."""
    parts = KitPart.objects.alias(is_tracked=is_tracked("component__")).filter(is_tracked=True).order_by()
    return parts.annotate(possible=units_of_single("component_id") / F("quantity"))


def units_of_kit() -> Subquery:
    """As many as the scarcest part allows; NULL when no part is counted."""
    parts = counted_parts().filter(kit=OuterRef("pk"))
    return Subquery(parts.values("kit").annotate(least=Min("possible")).values("least"))


def units_saleable() -> Expression:
    """None (SQL NULL) stands for unlimited."""
    return Case(
        When(Exists(KitPart.objects.filter(kit=OuterRef("pk"))), then=units_of_kit()),
        When(Q(is_tracked=True), then=units_of_single()),
        default=None,
        output_field=IntegerField(null=True),
    )


def with_saleable(records: QuerySet[StockRecord]) -> QuerySet[StockRecord]:
    """Annotates `is_tracked` and `saleable` (None: unlimited)."""
    return records.annotate(is_tracked=is_tracked()).annotate(saleable=units_saleable())


def saleable_for(stock_record_ids: Iterable[int]) -> dict[int, int | None]:
    """Units that may be sold now, by stock record; None: unlimited. One query; unknown ids are left out."""
    ids = list(set(stock_record_ids))
    if not ids:
        return {}
    return dict(_saleable_among.ask(ids=ids))


@written_once
def _saleable_among() -> QuerySet[Any, Any]:
    records = StockRecord.objects.filter(any_of("partner_stockrecord.id", "ids")).order_by()
    return with_saleable(records).values_list("pk", "saleable")


def saleable(stock_record_id: int) -> int | None:
    """0 for a record that does not exist."""
    return saleable_for([stock_record_id]).get(stock_record_id, 0)


def saleable_stock_records(*, ahead_too: bool = True) -> QuerySet[StockRecord]:
    """Stock records with at least one unit to sell, for use in EXISTS or IN.

    The same rule, asked the quick way round: some level has a free unit, and the record is not among the few whose
    live reservations and waiting orders take all that is free; or it is sold ahead and its cap is not reached; or it is
    a kit, and not among those with a part that is short.
    """
    some_level_has = Exists(
        StockLevel.objects.filter(
            stock_record=OuterRef("pk"), location__is_active=True, on_hand__gt=F("allocated") + F("buffer")
        )
    )
    claimed = live_reservations().values("stock_record").union(open_backorders().values("stock_record"))
    taken = StockRecord.objects.filter(pk__in=claimed).annotate(left=room_on_shelf()).filter(left__lte=0).order_by()
    room = (Greatest(room_on_shelf(record="component_id"), ZERO) / F("quantity")) if not ahead_too else F("possible")
    ahead = open_policies().annotate(left=room_on_shelf(record="pk") + F("cap")).filter(left__gt=0)
    short_kits = counted_parts().annotate(room=room).filter(room__lte=0)
    has_some = Q(some_level_has) & ~Q(pk__in=taken.values("pk"))
    is_kit = Q(pk__in=KitPart.objects.order_by().values("kit"))
    is_ahead = Q(pk__in=ahead.values("pk")) if ahead_too else Q(pk__in=())
    records = StockRecord.objects.exclude(pk__in=short_kits.values("kit"))
    # Asked last and apart: nearly every record has an answer before its product's class matters.
    uncounted = StockRecord.objects.annotate(counts=is_tracked()).filter(pk=OuterRef("pk"), counts=False)
    return records.filter(has_some | is_ahead | is_kit | Exists(uncounted)).order_by()


def records_in_stock() -> QuerySet[StockRecord]:
    """Those of which a unit can be sent now: what is only sold ahead is not in stock."""
    return saleable_stock_records(ahead_too=False)


@written_once
def saleable_ids() -> QuerySet[Any, Any]:
    """`saleable_stock_records` for the question of a list."""
    return saleable_stock_records().values("pk")


@written_once
def ids_in_stock() -> QuerySet[Any, Any]:
    """`records_in_stock` for the question of a list."""
    return records_in_stock().values("pk")
