"""A person at the desk: staff with a role, signed in with the second factor."""

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import Group
from django.test import Client

from checkout.accounts.models import User
from shop.backoffice.roles import OWNER, ensure_roles

SECRET = "JBSWY3DPEHPK3PXP"


def make_customer(email: str = "customer@example.com") -> User:
    return User.objects.create_user(email=email, password="a-long-passphrase-1")


def make_staff(role: str = OWNER, *, email: str = "") -> User:
    ensure_roles()
    email = email or f"{role.replace(' ', '-')}@shop.example"
    user = make_customer(email)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    user.refresh_from_db()
    return user


def sign_in(client: Client, user: Any, *, factor: bool = True, code_age: int = 0) -> None:
    """As after a sign-in with password and, unless `factor` is False, with a code given `code_age` seconds ago."""
    if factor and not is_mfa_enabled(user):
        TOTP.activate(user, SECRET)
    client.force_login(user)
    session = client.session
    records: list[dict[str, Any]] = [{"method": "password", "at": time.time()}]
    if factor:
        records.append({"method": "mfa", "at": time.time() - code_age, "type": "totp"})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()


def staff_client(role: str = OWNER) -> Client:
    client = Client()
    sign_in(client, make_staff(role))
    return client
