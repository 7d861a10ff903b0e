"""Ask the European Commission's VIES whether a VAT id is in force. It is often away; then nobody knows, and tax is charged.

POST /check-vat-number of the REST interface, https://ec.europa.eu/taxation_customs/vies/#/technical-information. With the
seller's own id in the question the answer carries a consultation number, which is the proof that it was asked.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from checkout.tax.vat_id import VatId, WrongVatId, read_vat_id
from shop.outgoing import FetchLimits, FetchRefused, ask_json

logger = logging.getLogger(__name__)

ADDRESS = "https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number"
LIMITS = FetchLimits(size=100_000, seconds=6, redirects=0, types=("application/json",))
VALID, INVALID, UNAVAILABLE = "valid", "invalid", "unavailable"


@dataclass(frozen=True, slots=True)
class Answer:
    """`state` is VALID, INVALID or UNAVAILABLE; the rest as VIES tells it. `requester` is the id that asked."""

    state: str
    requester: str = ""
    consultation: str = ""
    name: str = ""
    address: str = ""
    detail: str = ""


Asker = Callable[[VatId], Answer]


def ask_vies(vat_id: VatId) -> Answer:
    """One question, at most some seconds. Never raises: whatever is not a clear yes or no is UNAVAILABLE."""
    if not settings.VAT_CHECK:
        return Answer(UNAVAILABLE, detail="VAT_CHECK is 0: nobody is asked.")
    question = {"countryCode": vat_id.prefix, "vatNumber": vat_id.number}
    own = _own_id()
    if own is not None:
        question |= {"requesterMemberStateCode": own.prefix, "requesterNumber": own.number}
    try:
        told = json.loads(ask_json(ADDRESS, question=question, limits=LIMITS))
    except (FetchRefused, ValueError) as problem:
        logger.warning("VIES gave no answer: %s", problem)
        return Answer(UNAVAILABLE, detail=str(problem)[:250])
    return _read(told, requester=own.text if own is not None else "")


def _own_id() -> VatId | None:
    """The seller's own id; without one that holds there is no consultation number."""
    try:
        return read_vat_id(settings.SELLER.vat_id)
    except WrongVatId:
        return None


def _read(told: object, *, requester: str) -> Answer:
    if not isinstance(told, dict) or not isinstance(told.get("valid"), bool):
        errors = told.get("errorWrappers") if isinstance(told, dict) else None
        return Answer(UNAVAILABLE, requester=requester, detail=str(errors or told)[:250])
    return Answer(
        state=VALID if told["valid"] else INVALID,
        requester=requester,
        consultation=str(told.get("requestIdentifier") or "")[:40],
        name=str(told.get("name") or "")[:250],
        address=str(told.get("address") or "")[:500],
        detail=str(told.get("userError") or "")[:250],
    )
