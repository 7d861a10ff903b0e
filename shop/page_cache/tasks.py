"""The journal of changes, tidied by the worker; without the worker it only grows."""

from celery import shared_task

from shop.page_cache.changes import forget_old_changes


@shared_task(name="page_cache.forget_old_changes")
def forget_old_changes_task() -> int:
    return forget_old_changes()
