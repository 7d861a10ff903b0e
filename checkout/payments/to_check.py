"""Payments that need a person: held, disputed, with a refund that failed, or held at the bank for not much longer."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from checkout.payments.attempts import State
from checkout.payments.records import PaymentAttempt, Refund

ALARM_BEFORE = timedelta(hours=24)
_LAPSING = Q(state=State.AUTHORISED, capture_before__lt=Now() + ALARM_BEFORE)


def narrow_to_check(payments: QuerySet[PaymentAttempt]) -> QuerySet[PaymentAttempt]:
    failed = narrow_failed_refunds(Refund.objects.filter(attempt=OuterRef("pk")))
    return payments.filter(Q(state=State.HELD) | Q(disputed_at__isnull=False) | _LAPSING | Exists(failed))


def narrow_lapsing(payments: QuerySet[PaymentAttempt]) -> QuerySet[PaymentAttempt]:
    """Authorisations from 24 hours before they lapse: what is not sent by then has to be paid anew."""
    return payments.filter(_LAPSING)


def narrow_failed_refunds(refunds: QuerySet[Refund]) -> QuerySet[Refund]:
    """A refund that failed counts until a later one of the same payment was begun."""
    later = Refund.objects.filter(attempt=OuterRef("attempt"), pk__gt=OuterRef("pk")).exclude(state=Refund.State.FAILED)
    return refunds.filter(~Exists(later), state=Refund.State.FAILED)
