"""Every address of the back office, as a stranger, a customer, and staff whose session gave no second factor."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from checkout.payments.records import PaymentAttempt, Refund
from tests.backoffice.addresses import OPEN_TO_ALL, admin_patterns
from tests.backoffice.desk import SECRET, make_customer, make_staff, sign_in, staff_client
from tests.shipping.fulfilment.paid import make_paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("AD05")]

GUARDED = sorted({address.format(id=1) for name, address in admin_patterns() if name not in OPEN_TO_ALL})


def test_there_are_many_addresses_to_guard() -> None:
    assert len(GUARDED) > 100


def test_a_stranger_is_led_to_the_one_sign_in() -> None:
    client = Client()
    for address in GUARDED:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/account/login/?next=%2Fadmin%2F"), address
        assert client.post(address).status_code in (302, 403), address


def test_a_customer_is_refused_with_a_sentence() -> None:
    client = Client()
    sign_in(client, make_customer(), factor=True)
    for address in GUARDED:
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "Your account is a customer" in answer.content.decode()


def test_staff_without_a_factor_have_to_set_one_up() -> None:
    client = Client()
    sign_in(client, make_staff(), factor=False)
    for address in GUARDED:
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/second-factor/totp/activate/")


def test_staff_with_a_factor_have_to_give_it_in_this_session() -> None:
    user = make_staff()
    TOTP.activate(user, SECRET)
    client = Client()
    sign_in(client, user, factor=False)
    for address in GUARDED:
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/second-factor/reauthenticate/")


def test_the_admins_own_sign_in_leads_to_the_shops() -> None:
    assert Client().get("/admin/login/?next=/admin/order/order/")["Location"] == (
        "/account/login/?next=%2Fadmin%2Forder%2Forder%2F"
    )
    assert (
        Client().get("/admin/login/?next=https://elsewhere.example/")["Location"] == "/account/login/?next=%2Fadmin%2F"
    )


def test_with_the_factor_the_home_opens_and_signing_out_closes_it() -> None:
    client = staff_client()
    assert client.get("/admin/").status_code == 200
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302


def test_the_content_policy_is_loose_in_the_back_office_alone() -> None:
    client = staff_client()
    inside = client.get("/admin/")["Content-Security-Policy"]
    outside = client.get("/account/login/")["Content-Security-Policy"]
    assert "'unsafe-eval'" in inside
    assert "unsafe" not in outside
    assert "default-src 'none'" in inside


def test_money_and_rights_want_a_fresh_code() -> None:
    order = make_paid_order()
    PaymentAttempt.objects.filter(order=order).update(state="paid", captured=order.total_incl_tax)
    user = make_staff()
    client = Client()
    sign_in(client, user, code_age=3600)
    guarded = [
        f"/admin/order/order/{order.pk}/refund/",
        f"/admin/order/order/{order.pk}/cancel/",
        f"/admin/accounts/user/{user.pk}/change/",
    ]
    for address in guarded:
        for answer in (client.get(address), client.post(address, {"key": "a", "amount": "1", "reason": "b"})):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/account/second-factor/reauthenticate/?next=%2Fadmin%2F"), address
    assert client.get(f"/admin/order/order/{order.pk}/note/").status_code == 200
    assert not Refund.objects.exists()
    sign_in(client, user, code_age=60)
    assert [client.get(address).status_code for address in guarded] == [200, 200, 200]


def test_the_whole_way_in_with_password_and_a_recovery_code_that_works_once() -> None:
    user = make_staff()
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user).get_unused_codes()

    def enter(code: str) -> int:
        client = Client()
        client.post("/account/login/", {"login": user.email, "password": "a-long-passphrase-1", "next": "/admin/"})
        assert client.get("/admin/").status_code == 302
        client.post("/account/second-factor/authenticate/", {"code": code})
        return client.get("/admin/").status_code

    assert [enter(codes[0]), enter(codes[0]), enter("000000"), enter(codes[1])] == [200, 302, 302, 200]
