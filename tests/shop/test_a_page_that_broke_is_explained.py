"""I11: a server error stays on the doctor's list, with the request id the shopper was shown, until a person has looked."""

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from shop.audit.models import AuditEntry
from shop.doctor.checks import registered_checks, run_check
from shop.failures.models import ServerFailure
from shop.failures.record import record_failure
from shop.urls import handler404, handler500, urlpatterns
from tests.backoffice.desk import staff_client

pytestmark = pytest.mark.django_db
__all__ = ["handler404", "handler500"]


def break_page(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a page that breaks")


urlpatterns = [*urlpatterns, path("breaks/", break_page)]


def broken() -> dict[str, int]:
    return {one.id: run_check(one).violations for one in registered_checks() if one.id.startswith("I11")}


@pytest.mark.urls(__name__)
def test_the_request_id_that_the_shopper_saw_finds_the_failure() -> None:
    assert broken() == {"I11": 0, "I11.1": 0}
    answer = Client(raise_request_exception=False).get("/breaks/?email=a@b.example")
    assert answer.status_code == 500
    failure = ServerFailure.objects.get()
    assert (failure.method, failure.path, failure.kind) == ("GET", "/breaks/", "builtins.ZeroDivisionError")
    assert failure.request_id == answer["X-Request-ID"]
    assert failure.request_id in answer.content.decode()
    assert broken() == {"I11": 1, "I11.1": 0}


def test_staff_say_that_they_have_looked_into_it_and_the_doctor_is_content() -> None:
    failure = ServerFailure.objects.create(request_id="abcdef12", method="POST", path="/basket/", kind="KeyError")
    client = staff_client()
    assert "KeyError" in client.get("/admin/failures/serverfailure/?list=unexplained").content.decode()
    press = {"action": "explain", "_selected_action": [failure.pk]}
    answer = client.post("/admin/failures/serverfailure/", press, follow=True)
    assert "1 server error is marked as looked into." in answer.content.decode()
    failure.refresh_from_db()
    assert (failure.explained_by, broken()["I11"]) == ("owner@shop.example", 0)
    assert AuditEntry.objects.filter(action="explain", subject_id=str(failure.pk)).exists()
    assert "0 server errors are" in client.post("/admin/failures/serverfailure/", press, follow=True).content.decode()


def test_a_failure_without_a_request_id_is_found() -> None:
    ServerFailure.objects.create(method="GET", path="/", kind="KeyError")
    assert broken()["I11.1"] == 1


def test_a_lost_transaction_does_not_break_the_page_that_says_sorry() -> None:
    request = RequestFactory().get("/breaks/")
    with transaction.atomic():
        transaction.set_rollback(True)
        assert record_failure(request, ValueError()) is False
    assert ServerFailure.objects.count() == 0


def test_who_may_not_change_it_gets_no_button() -> None:
    failure = ServerFailure.objects.create(request_id="abcdef12", method="GET", path="/", kind="KeyError")
    client = staff_client("warehouse")
    assert client.get("/admin/failures/serverfailure/").status_code == 403
    client.post("/admin/failures/serverfailure/", {"action": "explain", "_selected_action": [failure.pk]})
    failure.refresh_from_db()
    assert failure.explained_at is None
