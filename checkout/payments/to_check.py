"""Payments that need a person: held, disputed, with a refund that failed, or held at the bank for not much longer."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from checkout.payments.attempts import State
from checkout.payments.records import PaymentAttempt, Refund

ALARM_BEFORE = timedelta(hours=24)


def narrow_to_check(payments: QuerySet[PaymentAttempt]) -> QuerySet[PaymentAttempt]:
    """A failed refund counts until a later one was begun; an authorisation from 24 hours before it lapses."""
    failed = Refund.objects.filter(attempt=OuterRef("pk"), state=Refund.State.FAILED)
    later = Refund.objects.filter(attempt=OuterRef("attempt"), pk__gt=OuterRef("pk")).exclude(state=Refund.State.FAILED)
    lapsing = Q(state=State.AUTHORISED, capture_before__lt=Now() + ALARM_BEFORE)
    return payments.filter(
        Q(state=State.HELD) | Q(disputed_at__isnull=False) | lapsing | Exists(failed.filter(~Exists(later)))
    )
