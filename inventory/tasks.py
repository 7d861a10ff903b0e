"""Work for the beat. No figure depends on it: availability judges expiry at read."""

from celery import shared_task

from inventory.backorder_policy import announce_passed_days
from inventory.reservation import release_expired


@shared_task(name="inventory.release_expired_reservations")
def release_expired_reservations() -> int:
    return release_expired()


@shared_task(name="inventory.announce_passed_days")
def tell_that_days_have_passed() -> int:
    return announce_passed_days()
