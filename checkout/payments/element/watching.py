"""Look at the payment page as a browser gets it, and say what is not as listed (PCI DSS 4.0.1, 11.6.1)."""

import hashlib
from datetime import timedelta
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

import requests
from django.conf import settings
from django.db.models.functions import Now

from checkout.orders.access import order_path, token_of
from checkout.payments.attempts import State
from checkout.payments.element.scripts import compare_page, hash_script, is_offered, list_scripts
from checkout.payments.records import PaymentAttempt
from shop.audit.models import AuditEntry
from shop.audit.record import record_action

SECONDS = 10
ACTION: Final = "payment page"
PAUSE: Final = timedelta(days=1)


class NothingToLookAt(Exception):
    """No payment page of ours is open, or none can be. The message says which."""


def watch_payment_page() -> list[str]:
    """What differs on the page of the payment that was begun last. Raises NothingToLookAt and requests' errors."""
    if not is_offered():
        raise NothingToLookAt("Cards are paid on the provider's own page: no page of this shop loads its script.")
    attempt = PaymentAttempt.objects.filter(state=State.OPEN, is_embedded=True).order_by("-pk").first()
    if attempt is None:
        raise NothingToLookAt("No order waits for its card just now; look again when one does.")
    return look_at_page(f"{settings.SITE_URL}{order_path(token_of(attempt.order_id))}card/")


def note_payment_page() -> int:
    """Write what differs into the audit log, each finding once a day; how many are new. Raises requests' errors."""
    try:
        found = watch_payment_page()
    except NothingToLookAt:
        return 0
    new = 0
    for sentence in found:
        mark = hashlib.sha256(sentence.encode()).hexdigest()[:32]
        known = AuditEntry.objects.filter(subject_type=ACTION, subject_id=mark, at__gt=Now() - PAUSE)
        if not known.exists():
            record_action(
                action=ACTION, subject_type=ACTION, subject_id=mark, actor_name="beat",
                reason=f"The payment page is not as listed: {sentence}",
            )  # fmt: skip
            new += 1
    return new


def look_at_page(address: str) -> list[str]:
    page = requests.get(address, timeout=SECONDS, allow_redirects=False)
    if page.status_code != 200:
        return [f"The page answered {page.status_code}."]
    found = compare_page(scripts=read_scripts(page.text), policy=page.headers.get("Content-Security-Policy", ""))
    for one in list_scripts():
        if one.integrity:
            content = requests.get(urljoin(address, one.address), timeout=SECONDS).content
            if hash_script(content) != one.integrity:
                found.append(f"The script {one.address} is served as {hash_script(content)}, not as {one.integrity}.")
    return found


def read_scripts(html: str) -> list[tuple[str, str]]:
    """Address and integrity of each script; an inline one has the address "(inline)"."""
    reader = _Scripts()
    reader.feed(html)
    return reader.found


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            known = dict(attrs)
            self.found.append((known.get("src") or "(inline)", known.get("integrity") or ""))
