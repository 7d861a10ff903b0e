"""What a shopper agrees to before paying. The text, its hash and the moment are kept with the order."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Consent:
    """`text` is what stands beside the box, word for word; changing it changes the hash."""

    code: str
    text: str
    refusal: str

    @property
    def text_hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


TERMS = Consent(
    code="terms",
    text="I agree to the terms of sale, and I have read how to withdraw within 14 days and how my data is handled.",
    refusal="Please agree to the terms of sale. Without that we may not take your order.",
)
IMMEDIATE = Consent(
    code="immediate_delivery",
    text="I want to download at once, before the 14 days to withdraw are over, and I know that I lose the right to"
    " withdraw from what I can download.",
    refusal="Please agree to the immediate delivery. Without that we may not open your downloads before 14 days are over.",
)
"""Directive 2011/83/EU, Article 16(m): wanted expressly, the loss of the right known, both confirmed by mail."""
REQUIRED_CONSENTS = (TERMS,)


def consents_for(*, has_downloads: bool) -> tuple[Consent, ...]:
    """What has to be agreed to before an order may exist."""
    return (*REQUIRED_CONSENTS, IMMEDIATE) if has_downloads else REQUIRED_CONSENTS


def has_consent(consents: Mapping[str, Any], consent: Consent) -> bool:
    """Whether today's text was agreed to; an older wording does not count."""
    known = consents.get(consent.code)
    return isinstance(known, Mapping) and known.get("text_hash") == consent.text_hash


def give_consent(consents: dict[str, Any], consent: Consent, *, at: datetime) -> dict[str, Any]:
    """The stored form of consents with this one given; the first moment of the same text stays."""
    if has_consent(consents, consent):
        return consents
    return {**consents, consent.code: {"text": consent.text, "text_hash": consent.text_hash, "at": at.isoformat()}}


def tick(consents: dict[str, Any], ticked: Mapping[Consent, bool], *, at: datetime) -> dict[str, Any]:
    """The stored form after boxes were ticked or left empty: taking the tick away takes the consent away."""
    for consent, is_given in ticked.items():
        if is_given:
            consents = give_consent(consents, consent, at=at)
        else:
            consents = {code: given for code, given in consents.items() if code != consent.code}
    return consents
