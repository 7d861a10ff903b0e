"""Work for the beat. Nothing depends on it: availability judges expiry at read."""

from celery import shared_task

from inventory.reservation import release_expired


@shared_task(name="inventory.release_expired_reservations")
def release_expired_reservations() -> int:
    return release_expired()
