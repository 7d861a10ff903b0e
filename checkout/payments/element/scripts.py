"""Every script of the payment page: what it is, who answers for it, why it is there, and how a change is noticed.

PCI DSS 4.0.1, 6.4.3 (authorised, with its integrity, in an inventory) and 11.6.1 (changes of scripts and headers are
noticed). Ours are pinned by their hash, which browsers check; the provider's must come from its own address, unpinned
(https://docs.stripe.com/js/including), in the release that belongs to the API version that we speak.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.templatetags.static import static

REAL_SCRIPT = "https://js.stripe.com/endive/stripe.js"
OWN = "js/card.js"
OWN_HASH = "sha384-aoFC9zO0ED4vYxa32NnrJQA4gjbiXrUh64vIoKt6wc/pN1nXAEwFIxR4toxCjv7T"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScript:
    """`integrity` is "" for what its owner may change; then the address and the policy are what is pinned."""

    address: str
    owner: str
    purpose: str
    integrity: str


def is_offered() -> bool:
    """Switched on, and with a key to show; else the hosted page is the only way."""
    return settings.PAYMENT_ELEMENT and settings.STRIPE_PUBLISHABLE_KEY.startswith("pk_")


def list_scripts() -> Sequence[PageScript]:
    return (
        PageScript(
            address=provider_script(),
            owner="the payment provider",
            purpose="Shows the card fields in frames of its own, so that no card number reaches this page.",
            integrity="",
        ),
        PageScript(
            address=static(OWN),
            owner="this shop",
            purpose="Puts the fields into the page, sends the payment off and shows what the provider answers.",
            integrity=OWN_HASH,
        ),
    )


def provider_script() -> str:
    """The sandbox has a stand-in; settings refuse the sandbox where real money moves."""
    if settings.STRIPE_API_BASE == settings.STRIPE_REAL_API:
        return REAL_SCRIPT
    return f"{settings.STRIPE_API_BASE}/js/stripe.js"


def page_policy() -> Mapping[str, Sequence[str]]:
    """The directives that differ from those of all other pages. https://docs.stripe.com/security/guide#content-security-policy"""
    if settings.STRIPE_API_BASE == settings.STRIPE_REAL_API:
        hosts = ["https://js.stripe.com", "https://*.js.stripe.com"]
        return {
            "script-src": ["'self'", *hosts],
            "frame-src": [*hosts, "https://hooks.stripe.com"],
            "connect-src": ["https://api.stripe.com"],
            "img-src": ["'self'", "data:", "https://*.stripe.com"],
        }
    return {
        "script-src": ["'self'", provider_script()],
        "frame-src": [settings.STRIPE_API_BASE],
        "connect-src": ["'none'"],
    }


def hash_script(content: bytes) -> str:
    """As browsers compare it: https://www.w3.org/TR/SRI/"""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def compare_page(*, scripts: Sequence[tuple[str, str]], policy: str) -> list[str]:
    """What of a page as a browser got it is not as listed: `scripts` are (address, integrity), `policy` the header."""
    listed = {one.address: one.integrity for one in list_scripts()}
    found = [f"The script {address} is not in the inventory." for address, _ in scripts if address not in listed]
    found += [
        f"The script {address} has the integrity {integrity or '(none)'}, the inventory says {listed[address]}."
        for address, integrity in scripts
        if address in listed and integrity != listed[address]
    ]
    found += [f"The script {address} is missing." for address in listed if address not in {one for one, _ in scripts}]
    directives = {name: rest.split() for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}
    for name, sources in page_policy().items():
        if sorted(directives.get(name, [])) != sorted(sources):
            found.append(
                f"The policy says {name} {' '.join(directives.get(name, ['(nothing)']))}, not {' '.join(sources)}."
            )
    return found
