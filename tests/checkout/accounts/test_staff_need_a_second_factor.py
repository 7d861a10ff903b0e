"""A member of staff enrols at first use; later sign-ins ask for the code; a session without one does not pass."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client, RequestFactory

from checkout.accounts.models import User
from checkout.accounts.second_factor import gate_url, has_passed_second_factor, has_second_factor

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet evening with tea"


@pytest.fixture
def keeper() -> User:
    user = User.objects.create_user(email="keeper@example.com", password=PASSWORD)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


def sign_in(client: Client, **more: str) -> Any:
    return client.post("/account/login/", {"login": "keeper@example.com", "password": PASSWORD, **more})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def as_request(client: Client, user: User, path: str = "/admin/") -> Any:
    request = RequestFactory().get(path)
    request.user, request.session = user, client.session
    return request


def enrol(client: Client) -> str:
    answer = client.get("/account/second-factor/totp/activate/", follow=True)
    if "reauthenticate" in answer.request["PATH_INFO"]:
        answer = client.post(answer.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = re.search(r'value="([A-Z2-7]{16,})"', answer.content.decode())
    assert secret is not None
    done = client.post("/account/second-factor/totp/activate/", {"code": code_of(secret[1])})
    assert done.status_code == 302
    return secret[1]


@pytest.mark.feature("CU01")
def test_the_first_use_leads_to_the_enrolment_and_passes_after_it(client: Client, keeper: User) -> None:
    sign_in(client)
    assert not has_second_factor(keeper)
    assert gate_url(as_request(client, keeper, "/admin/?a=1")) == (
        "/account/second-factor/totp/activate/?next=%2Fadmin%2F%3Fa%3D1"
    )
    secret = enrol(client)
    assert has_passed_second_factor(as_request(client, keeper))
    assert gate_url(as_request(client, keeper)) == ""
    stored = Authenticator.objects.get(user=keeper, type="totp").data["secret"]
    assert secret not in stored


def test_a_later_sign_in_asks_for_the_code(client: Client, keeper: User) -> None:
    sign_in(client)
    secret = enrol(client)
    other = Client()
    answer = sign_in(other)
    assert answer["Location"].startswith("/account/second-factor/authenticate/")
    assert "_auth_user_id" not in other.session
    assert other.post(answer["Location"], {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in other.session
    Authenticator.objects.filter(user=keeper, type="totp").update(last_used_at=None)
    from django.core.cache import cache

    cache.clear()
    assert other.post(answer["Location"], {"code": code_of(secret)}).status_code == 302
    assert has_passed_second_factor(as_request(other, keeper))


def test_a_session_from_before_the_enrolment_elsewhere_does_not_pass(client: Client, keeper: User) -> None:
    old = Client()
    sign_in(old)
    sign_in(client)
    enrol(client)
    assert not has_passed_second_factor(as_request(old, keeper))
    assert gate_url(as_request(old, keeper)).startswith("/account/second-factor/reauthenticate/?next=")


def test_a_forced_session_without_any_record_does_not_pass(client: Client, keeper: User) -> None:
    client.force_login(keeper)
    assert not has_passed_second_factor(as_request(client, keeper))


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/confirm-email/",
        "/account/inactive/",
    ],
)
def test_pages_before_the_sign_in_wear_the_shops_frame(client: Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert 'class="plain-head"' in page.content.decode()
    assert "<strong>Menu:</strong>" not in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/email/",
        "/account/password/change/",
        "/account/logout/",
        "/account/second-factor/",
        "/account/reauthenticate/",
    ],
)
def test_pages_of_the_account_wear_the_shops_frame(client: Client, keeper: User, path: str) -> None:
    sign_in(client)
    page = client.get(path)
    assert page.status_code == 200
    assert 'class="plain-head"' in page.content.decode()
