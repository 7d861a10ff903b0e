"""From units to allocations: what each location can give, and the rows that promise it. Callers hold the stock lock."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F

from inventory.levels import LevelChange, change_levels
from inventory.models import Allocation, StockLevel
from inventory.sourcing import Place, SourcingPlan


def levels_of(stock_record_ids: Iterable[int]) -> list[StockLevel]:
    levels = StockLevel.objects.filter(stock_record_id__in=stock_record_ids, location__is_active=True)
    return list(levels.select_related("location").order_by("pk"))


def places_of(levels: Sequence[StockLevel], wanted: Mapping[int, int]) -> list[Place]:
    """What each location can give: without its buffer, unless a kept promise needs the buffer too."""
    kept_back: Counter[int] = Counter()
    for level in levels:
        kept_back[level.stock_record_id] += max(level.on_hand - level.allocated - level.buffer, 0)
    units: dict[int, dict[int, int]] = {level.location_id: {} for level in levels}
    for level in levels:
        buffer = level.buffer if kept_back[level.stock_record_id] >= wanted[level.stock_record_id] else 0
        units[level.location_id][level.stock_record_id] = max(level.on_hand - level.allocated - buffer, 0)
    locations = {level.location_id: level.location for level in levels}
    return [
        Place(
            location_id=pk,
            code=one.code,
            name=one.name,
            priority=one.priority,
            country=one.country,
            postcode=one.postcode,
            units=units[pk],
        )
        for pk, one in locations.items()
    ]


def add_allocations(claim: str, plan: SourcingPlan, levels: Sequence[StockLevel]) -> None:
    """Promise further units to lines: what a line has been allocated at a level already grows."""
    mine = Allocation.objects.filter(claim=claim, level__in=[level.pk for level in levels])
    known = {(line, level_id): pk for line, level_id, pk in mine.values_list("line", "level_id", "pk")}
    write_allocations(claim, plan, levels, known=known)


def write_allocations(
    claim: str, plan: SourcingPlan, levels: Sequence[StockLevel], *, known: Mapping[tuple[str, int], int] | None = None
) -> None:
    """Promise the plan's units to the claim's lines; `levels` are kept in step. `known` allocations grow."""
    by_place = {(level.stock_record_id, level.location_id): level for level in levels}
    taken: Counter[int] = Counter()
    new = []
    for part in sorted(plan.parts, key=lambda part: (part.line, part.location_id)):
        level = by_place[part.stock_record_id, part.location_id]
        taken[level.pk] += part.quantity
        level.allocated += part.quantity
        if pk := (known or {}).get((part.line, level.pk)):
            Allocation.objects.filter(pk=pk).update(quantity=F("quantity") + part.quantity)
        else:
            reason = dict(plan.reasons[part.location_id])
            new.append(
                Allocation(level_id=level.pk, claim=claim, line=part.line, quantity=part.quantity, reason=reason)
            )
    change_levels({level_id: LevelChange(allocated=units) for level_id, units in taken.items()})
    Allocation.objects.bulk_create(new)
