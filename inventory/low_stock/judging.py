"""Which levels are low now, and which of them nobody has been told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, Expression, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from inventory.low_stock.records import LowStockNote, LowStockRule
from inventory.models import StockLevel

DEFAULT_THRESHOLD: Final = 3
"""Units free at one location, where no rule says otherwise."""

State = LowStockNote.State


@dataclass(frozen=True, slots=True)
class LowLevel:
    """`free` units of a level, with the threshold that makes it low."""

    level_id: int
    stock_record_id: int
    sku: str
    title: str
    location: str
    free: int
    threshold: int

    @property
    def state(self) -> str:
        return State.OUT if self.free <= 0 else State.LOW


def threshold() -> Expression:
    """Of a stock level, by the closest rule."""
    own, above = OuterRef("stock_record__product"), OuterRef("stock_record__product__parent")
    rules = LowStockRule.objects.filter(
        Q(product=None) | Q(product=own) | Q(product=above), Q(location=None) | Q(location=OuterRef("location"))
    )
    closeness = Case(
        When(product=own, then=4), When(product=None, then=0), default=2, output_field=IntegerField()
    ) + Case(When(location=None, then=0), default=1, output_field=IntegerField())
    closest = rules.annotate(closeness=closeness).order_by("-closeness").values("threshold")[:1]
    return Coalesce(Subquery(closest), Value(DEFAULT_THRESHOLD))


def low_levels(levels: QuerySet[StockLevel]) -> QuerySet[StockLevel]:
    """Those of counted products at active locations whose free units are at or below their threshold."""
    product = "stock_record__product"
    is_counted = Q(**{f"{product}__product_class__track_stock": True}) | Q(
        **{f"{product}__parent__product_class__track_stock": True}
    )
    highest = LowStockRule.objects.order_by("-threshold").values("threshold")[:1]
    # No rule looks at a level with more units than this: the question of the closest rule is asked of few.
    most = Greatest(Coalesce(Subquery(highest), Value(DEFAULT_THRESHOLD)), Value(DEFAULT_THRESHOLD))
    few = levels.filter(is_counted, location__is_active=True, on_hand__lte=F("allocated") + F("buffer") + most)
    low = few.annotate(threshold=threshold())
    return low.filter(on_hand__lte=F("allocated") + F("buffer") + F("threshold"))


@transaction.atomic
def note_changes() -> list[LowLevel]:
    """The levels that became low, or ran out, since they were told of last; they count as told from now on.

    What is not low any more is forgotten, so that it is told of when it becomes low again. Sorted: sold out first.
    Callers take turns, by the row of the day's digest.
    """
    told = dict(LowStockNote.objects.values_list("level_id", "state"))
    low = {one.level_id: one for one in _read_low()}
    LowStockNote.objects.filter(level_id__in=told.keys() - low.keys()).delete()
    news = [one for pk, one in low.items() if pk not in told or (told[pk], one.state) == (State.LOW, State.OUT)]
    changed = [one for pk, one in low.items() if told.get(pk) != one.state]
    LowStockNote.objects.bulk_create(
        [LowStockNote(level_id=one.level_id, state=one.state) for one in changed],
        update_conflicts=True,
        unique_fields=["level"],
        update_fields=["state"],
    )
    return sorted(news, key=lambda one: (one.free > 0, one.sku, one.location))


def _read_low() -> Sequence[LowLevel]:
    free = Greatest(F("on_hand") - F("allocated") - F("buffer"), Value(0))
    levels = low_levels(StockLevel.objects.all()).annotate(free=free)
    rows: Any = levels.select_related("stock_record__product__parent", "location").order_by("pk")
    return [
        LowLevel(
            level_id=level.pk,
            stock_record_id=level.stock_record_id,
            sku=level.stock_record.partner_sku,
            title=level.stock_record.product.get_title(),
            location=level.location.name,
            free=level.free,
            threshold=level.threshold,
        )
        for level in rows
    ]
