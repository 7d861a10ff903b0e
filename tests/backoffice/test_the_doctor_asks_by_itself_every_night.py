"""IN05: the ledger and every other invariant is asked each night; a difference is a mail, and nothing is changed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.apps.partner.models import StockRecord

from checkout.models import Mail
from shop.audit.models import AuditEntry
from shop.backoffice.nightly_doctor import ask_doctor_tonight
from shop.backoffice.tasks import ask_doctor_task
from shop.celery import app
from shop.doctor.checks import registered_checks
from tests.backoffice.desk import make_staff, staff_client
from tests.shopfloor import make_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN05")]


def test_a_night_on_which_everything_agrees_is_written_down_and_mails_nobody() -> None:
    client = staff_client()
    assert ask_doctor_task() == 0
    entry = AuditEntry.objects.get(action="ask doctor")
    assert entry.after == {"checks": len(registered_checks()), "broken": {}}
    assert not Mail.objects.exists()
    assert f"all {len(registered_checks())} held" in client.get("/admin/doctor/").content.decode()


def test_a_difference_is_mailed_once_a_night_to_who_may_ask_and_is_not_repaired() -> None:
    make_staff("owner")
    make_staff("warehouse")
    record = record_of(make_product("Lamp", sku="LAMP", stock=3))
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=99)
    tonight = timezone.now()
    assert ask_doctor_tonight(tonight) >= 1
    assert ask_doctor_tonight(tonight + timedelta(seconds=5)) == 0, "once a night"
    letter = Mail.objects.get()
    assert letter.to == "owner@shop.example"
    assert letter.subject.startswith("The doctor found")
    for form in (letter.text, letter.html):
        assert "I1" in form
        assert "99" in form
        assert "/admin/doctor/" in form
    assert StockRecord.objects.get(pk=record.pk).num_in_stock == 99
    assert ask_doctor_tonight(tonight + timedelta(days=1)) >= 1
    assert Mail.objects.count() == 2
    broken = AuditEntry.objects.filter(action="ask doctor").latest("pk").after["broken"]
    assert any(check.startswith("I1") for check in broken)


def test_the_beat_asks_after_four_and_makes_up_for_it_when_it_was_away() -> None:
    job = next(one for one in app.conf.beat_schedule.values() if one["task"] == "backoffice.ask_doctor")
    assert sorted(job["schedule"].hour) == list(range(4, 24))
