"""The doctor asks by itself, every night: what it found stands in the audit log, and who may ask it hears of what is broken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from checkout.orders.mails import Letter, queue_letters
from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.backoffice.alarms import people_with
from shop.doctor.checks import Finding, run_checks

ACTION: Final = "ask doctor"
RIGHT: Final = "ask_doctor"


def ask_doctor_tonight(now: datetime | None = None) -> int:
    """Every invariant once a night; answers how many are broken. Safe at any time, twice, and beside itself.

    Nothing is repaired: what to do about it is proposed in the mail, and a person does it.
    """
    night = timezone.localtime(now).date().isoformat()
    if last_nights().filter(subject_id=night).exists():
        return 0
    findings = run_checks(examples=3)
    broken = [one for one in findings if one.violations]
    with transaction.atomic():
        record_action(
            action=ACTION,
            subject_type="doctor",
            subject_id=night,
            actor_name="beat",
            after={"checks": len(findings), "broken": {one.check.id: one.violations for one in broken}},
            reason="Every night.",
        )
        if broken:
            queue_letters(_letters(broken, night))
    return len(broken)


def last_nights() -> Any:
    return AuditEntry.objects.filter(action=ACTION, subject_type="doctor")


def _letters(broken: Sequence[Finding], night: str) -> list[Letter]:
    count = len(broken)
    headline = f"The doctor found {count} {'thing' if count == 1 else 'things'} that should not be"
    context = {
        "headline": headline,
        "sentence": "Stock, money and orders were asked tonight. Nothing was changed; this is what a person has to look at.",
        "findings": [
            {
                "name": f"{one.check.id} {one.check.name}",
                "violations": one.violations,
                "example": ", ".join(f"{name}: {value}" for name, value in one.examples[0].items()),
                "repair": one.check.repair,
            }
            for one in broken
        ],
        "list_url": f"{settings.SITE_URL}/admin/doctor/",
    }
    return [
        Letter(
            to=person.email,
            kind="doctor",
            key=f"doctor:{night}:{person.pk}",
            subject=headline,
            template="doctor",
            context=context,
        )
        for person in people_with(RIGHT)
    ]
