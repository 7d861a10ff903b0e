"""What beat asks of this room. Safe at any time, twice, and beside itself."""

from celery import shared_task

from catalog.search.misses import forget_old_misses
from catalog.search.tally import fold_tally


@shared_task(name="catalog.forget_old_misses")
def forget_old_misses_task() -> int:
    return forget_old_misses()


@shared_task(name="catalog.fold_tally")
def fold_tally_task() -> bool:
    return fold_tally()
