"""A form without its token, and a body that cannot be read: our page, with what to do."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_form_without_its_token_can_be_sent_again() -> None:
    answer = Client(enforce_csrf_checks=True).post("/basket/voucher/", {"code": "X"})
    assert answer.status_code == 403
    assert "Please send that form once more" in answer.content.decode()
    assert "Django" not in answer.content.decode()


def test_a_body_that_cannot_be_read_changes_nothing() -> None:
    answer = Client().post("/basket/add/1/", b"no boundary", content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()
