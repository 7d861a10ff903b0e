"""PA05: what reconciliation finds is mailed to whoever looks after payments, each finding once; no money moves."""

from typing import Any

import pytest

from checkout.models import Mail, Refund
from checkout.payments.difference import Difference
from checkout.payments.reconcile import Reconciliation, note_differences
from shop.audit.record import record_action
from shop.backoffice.tasks import tell_of_findings_task
from tests.backoffice.desk import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA05")]


def found(*refs: str) -> Reconciliation:
    differences = [_difference(ref) for ref in refs]
    return Reconciliation(payments=1, refunds=0, healed=0, differences=tuple(differences))


def _difference(ref: str) -> Difference:
    values: dict[str, Any] = dict.fromkeys(Difference.__dataclass_fields__, "")
    values |= {"kind": "paid without order", "ref": ref, "sentence": f"{ref} was paid, and no order is."}
    return Difference(**values)


def test_a_difference_is_one_mail_to_each_and_the_same_again_is_none() -> None:
    for role in ("accountant", "order desk", "warehouse"):
        make_staff(role)
    assert note_differences(found("pi_1", "pi_2")) == 2
    assert [tell_of_findings_task() for _ in range(2)] == [2, 0]
    letters = Mail.objects.order_by("to")
    assert [one.to for one in letters] == ["accountant@shop.example", "order-desk@shop.example"]
    assert letters[0].subject == "Payments: 2 things to look at"
    for form in (letters[0].text, letters[0].html):
        assert "pi_1 was paid, and no order is." in form
        assert "pi_2" in form
    assert note_differences(found("pi_1", "pi_2")) == 0, "known"
    assert tell_of_findings_task() == 0
    assert not Refund.objects.exists()


def test_what_others_write_into_the_audit_log_is_no_alarm_and_nothing_new_is_lost() -> None:
    make_staff("accountant")
    record_action(action="cancel", subject_type="order", subject_id=1)
    assert tell_of_findings_task() == 0
    note_differences(found("pi_1"))
    assert tell_of_findings_task() == 1
    note_differences(found("pi_2"))
    assert tell_of_findings_task() == 1
    assert ["pi_1" in one.text for one in Mail.objects.order_by("pk")] == [True, False]
