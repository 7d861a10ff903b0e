"""Order history, and guest orders that only the owner of the address can put into an account."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from checkout.accounts.history import AddressNotVerified, claim_guest_orders
from checkout.accounts.models import User
from checkout.models import Mail
from tests.checkout.till import run_jobs
from tests.shopfloor import make_order

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet evening with tea"


def make_user(email: str, *, verified: bool = True) -> User:
    user = User.objects.create_user(email=email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


@pytest.mark.feature("CU01")
def test_signing_up_sends_one_mail_through_the_outbox_with_the_shops_own_address(client: Client) -> None:
    answer = client.post("/account/signup/", {"email": "new@example.com", "password1": PASSWORD})
    assert answer.status_code == 302
    assert mail.outbox == []
    run_jobs()
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]
    assert "http://testserver/account/confirm-email/" in message.body
    stored = Mail.objects.get()
    assert stored.sent_at is not None
    assert stored.text == ""


def test_a_reset_link_never_follows_a_forged_host(client: Client, settings: Any) -> None:
    make_user("ada@example.com")
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    client.post("/account/password/reset/", {"email": "ada@example.com"}, headers={"host": "evil.example"})
    run_jobs()
    assert "evil.example" not in mail.outbox[0].body
    assert "http://testserver/account/password/reset/key/" in mail.outbox[0].body


def test_known_and_unknown_addresses_get_the_same_answer(client: Client) -> None:
    make_user("ada@example.com")
    known = client.post("/account/password/reset/", {"email": "ada@example.com"})
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_guest_order_is_claimed_only_with_a_verified_address() -> None:
    order = make_order(email="Ada@example.com")
    stranger = make_user("ada@example.com", verified=False)
    with pytest.raises(AddressNotVerified):
        claim_guest_orders(stranger)
    EmailAddress.objects.filter(user=stranger).update(verified=True)
    assert claim_guest_orders(stranger) == 1
    assert claim_guest_orders(stranger) == 0
    order.refresh_from_db()
    assert order.user == stranger
    assert order.events.filter(message__contains="customer's account").count() == 1


def test_the_history_shows_ones_own_orders_and_nobody_elses(client: Client, django_assert_max_num_queries: Any) -> None:
    ada, grace = make_user("ada@example.com"), make_user("grace@example.com")
    mine = [make_order(email="ada@example.com") for _ in range(3)]
    other = make_order(email="grace@example.com")
    claim_guest_orders(ada)
    claim_guest_orders(grace)
    assert client.get("/account/").status_code == 302
    client.force_login(ada)
    with django_assert_max_num_queries(10):
        page = client.get("/account/?page=abc").content.decode()
    assert all(order.number in page for order in mine)
    assert other.number not in page


def test_claiming_from_the_page_answers_with_a_sentence(client: Client) -> None:
    make_order(email="ada@example.com")
    client.force_login(make_user("ada@example.com"))
    assert "1 order is now in your account." in client.post("/account/orders/claim/", follow=True).content.decode()
