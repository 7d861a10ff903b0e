"""How allauth speaks in this shop: mails go through the outbox, links begin with SITE_URL, secrets are kept encrypted."""

import base64
import hashlib
import io
import time
import uuid
from dataclasses import dataclass
from typing import Any

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from checkout.orders.mails import queue_account_mail


@dataclass(frozen=True, slots=True)
class ThisShop:
    """What allauth's mails call the current site."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The request does not wait for a mail server, and an answer never depends on one."""
        request = allauth_context.request
        here = request.build_absolute_uri("/") if request is not None else ""
        values = {
            name: f"{settings.SITE_URL}/{value.removeprefix(here)}"
            if here and isinstance(value, str) and value.startswith(here)
            else value
            for name, value in context.items()
        }
        message = self.render_mail(
            template_prefix,
            email,
            {
                "request": request,
                "email": email,
                "current_site": ThisShop(name=settings.SHOP_NAME, domain=settings.SITE_URL),
                **values,
            },
        )
        queue_account_mail(
            to=email, subject=str(message.subject), text=str(message.body), key=f"account:{uuid.uuid4()}"
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked for the same password again, to set up an authenticator app say."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = allauth_context.request
        records = get_authentication_records(request, request.user)
        return all(time.time() - record["at"] >= account_settings.REAUTHENTICATION_TIMEOUT for record in records)

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SHOP_NAME}: {subject}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are no use to somebody who only has the database."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Black on white with its quiet zone, so that it can be read off a dark page too."""
        drawn = io.BytesIO()
        segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff")
        return drawn.getvalue().decode()

    def get_totp_issuer(self) -> str:
        return settings.SHOP_NAME


def _cipher() -> MultiFernet:
    """New secrets under SECRET_KEY; those written under SECRET_KEY_FALLBACKS are still read."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa:{key}".encode()).digest())) for key in keys]
    )
