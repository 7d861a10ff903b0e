"""The job console shows why a job is parked and makes it due again; the doctor's page asks every invariant."""

import pytest
from django.utils import timezone
from oscar.apps.partner.models import StockRecord

from shop.audit.models import AuditEntry
from shop.doctor.checks import registered_checks
from shop.outbox.models import OutboxEvent
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OP08")]


def park(name: str = "order.paid") -> OutboxEvent:
    return OutboxEvent.objects.create(
        name=name, key=f"{name}:1", attempts=5, parked_at=timezone.now(), last_error="Traceback\nValueError: no printer"
    )


def test_a_parked_job_says_why_and_is_due_again_after_the_button() -> None:
    job, done = park(), OutboxEvent.objects.create(name="a", key="a", done_at=timezone.now())
    client = staff_client()
    assert "ValueError: no printer" in client.get("/admin/outbox/outboxevent/?list=parked").content.decode()
    assert "Traceback" in client.get(f"/admin/outbox/outboxevent/{job.pk}/change/").content.decode()
    answer = client.post(
        "/admin/outbox/outboxevent/", {"action": "retry", "_selected_action": [job.pk, done.pk]}, follow=True
    )
    assert "1 parked job is due again." in answer.content.decode()
    job.refresh_from_db()
    done.refresh_from_db()
    assert (job.parked_at, job.attempts, job.done_at) == (None, 0, None)
    assert done.done_at is not None
    assert AuditEntry.objects.filter(action="retry", actor_name="owner@shop.example").exists()


def test_who_may_only_look_gets_no_button() -> None:
    job = park()
    client = staff_client("accountant")
    assert client.get("/admin/outbox/outboxevent/").status_code == 403
    client.post("/admin/outbox/outboxevent/", {"action": "retry", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert job.parked_at is not None


def test_the_doctors_page_asks_every_check_and_shows_what_is_broken() -> None:
    client = staff_client()
    assert "Ask the doctor" in client.get("/admin/doctor/").content.decode()
    healthy = client.post("/admin/doctor/")
    assert len(healthy.context["findings"]) == len(registered_checks())
    StockRecord.objects.filter(pk=record_of(make_product(stock=3)).pk).update(num_in_stock=99)
    page = client.post("/admin/doctor/")
    assert page.context["broken"] >= 1
    assert "broken" in page.content.decode()


def test_the_audit_log_and_the_jobs_cannot_be_written() -> None:
    client = staff_client()
    for address in ("outbox/outboxevent", "audit/auditentry", "checkout/providerevent"):
        assert client.get(f"/admin/{address}/add/").status_code == 403
