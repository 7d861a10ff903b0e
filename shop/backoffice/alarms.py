"""What the shop found by itself and a person has to look at: a mail to whoever looks after payments, each finding once."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from checkout.accounts.models import User
from checkout.orders.mails import Letter, queue_letters
from checkout.orders.records import Mail
from checkout.payments.element.watching import ACTION as PAGE_WATCHED
from shop.audit.models import AuditEntry

KIND: Final = "alarm"
RIGHT: Final = "settle_payment"
LONGEST: Final = timedelta(days=3)
MOST_LINES: Final = 50


def people_with(right: str) -> Any:
    """Active staff one of whose roles carries the right of the back office; each once."""
    roles = {"groups__permissions__codename": right, "groups__permissions__content_type__app_label": "backoffice"}
    return User.objects.filter(is_active=True, is_staff=True, **roles).distinct().order_by("pk")


@transaction.atomic
def tell_of_findings() -> int:
    """Letters about what reconciliation and the watch over the payment page wrote down since the last ones; how many.

    Safe at any time, twice, and beside itself: a letter is one for each last finding and person.
    """
    last = Mail.objects.filter(kind=KIND).order_by("-pk").values_list("key", flat=True).first()
    told = int(last.split(":")[1]) if last is not None else 0
    found = AuditEntry.objects.filter(
        Q(action__startswith="reconcile: ") | Q(action=PAGE_WATCHED), at__gt=Now() - LONGEST
    )
    news = list(found.filter(pk__gt=told).order_by("pk"))
    if not news:
        return 0
    count = len(news)
    headline = f"Payments: {count} {'thing' if count == 1 else 'things'} to look at"
    context = {
        "headline": headline,
        "sentence": "The shop found this by itself. It moved no money: what to do is for a person to decide.",
        "lines": [entry.reason for entry in news[:MOST_LINES]],
        "more": max(count - MOST_LINES, 0),
        "list_url": f"{settings.SITE_URL}/admin/checkout/paymentattempt/",
    }
    return queue_letters(
        [
            Letter(
                to=person.email,
                kind=KIND,
                key=f"alarm:{news[-1].pk}:{person.pk}",
                subject=headline,
                template="alarm",
                context=context,
            )
            for person in people_with(RIGHT)
        ]
    )
