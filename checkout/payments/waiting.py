"""How long an order waits for its payment, and how long its units wait with it."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from checkout.payments.records import PaymentAttempt


@dataclass(frozen=True, slots=True)
class WaitingTime:
    to_pay: timedelta
    reserved_minutes: int


def waiting_time(provider: str) -> WaitingTime:
    """A transfer takes days; its units stay reserved an hour longer than its time to pay, so that the last one fits."""
    if provider == PaymentAttempt.Provider.TRANSFER:
        days = timedelta(days=settings.BANK.days)
        return WaitingTime(to_pay=days, reserved_minutes=settings.BANK.days * 24 * 60 + 60)
    return WaitingTime(timedelta(minutes=settings.PAYMENT_MINUTES), settings.RESERVATION_MINUTES)
