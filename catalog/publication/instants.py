"""Instants as people write them: minutes on the shop's clock, with the two odd nights of the year."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils import timezone

FORMAT: Final = "%Y-%m-%dT%H:%M"


class NoSuchInstant(ValueError):
    """The text names no minute of the shop's clock; the message is the sentence to show."""


def read_instant(text: str) -> datetime:
    """`2026-03-29 08:00` or with a `T`, on the shop's clock; an offset such as `+02:00` at the end is honoured.

    Of a minute that comes twice, when clocks are turned back, the first is meant unless the offset says otherwise. One
    that is skipped, when they are turned forward, is refused. Raises NoSuchInstant.
    """
    try:
        read = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError as error:
        raise NoSuchInstant(
            f"“{text.strip()[:40]}” is not a date and time. Write it like 2026-11-27 08:00, in the shop's time."
        ) from error
    if read.second or read.microsecond:
        raise NoSuchInstant(f"“{text.strip()[:40]}” has seconds. Publication is exact to the minute: leave them out.")
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    zone = timezone.get_default_timezone()
    local = read.replace(tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != read:
        raise NoSuchInstant(
            f"{read:%H:%M} does not exist on {read:%-d %B %Y}: clocks are turned forward then. "
            f"Write {read + timedelta(hours=1):%H:%M} instead."
        )
    return instant


def write_local(instant: datetime | None) -> str:
    """As a form shows it: the minute on the shop's clock, or nothing."""
    return "" if instant is None else f"{instant.astimezone(timezone.get_default_timezone()):{FORMAT}}"


def write_instant(instant: datetime) -> str:
    """As a file holds it: with the offset, so that it reads back as the same instant on any clock."""
    return instant.astimezone(timezone.get_default_timezone()).isoformat(timespec="minutes")
