"""When the buyer accounts for the tax: a VAT id that was confirmed, of another member state, for goods that go to another.

Articles 138 and 196 of Directive 2006/112/EC. Nothing is free of tax on a mere form of a number: without a confirmation
tax is charged (fail closed), and the case waits for an answer.
"""

import threading
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from checkout.tax.rates import is_in_eu
from checkout.tax.vat_id import VatId
from checkout.tax.vat_records import VatCheck
from checkout.tax.vies import UNAVAILABLE, Answer, Asker, ask_vies
from checkout.tax.zones import Place

FRESH = timedelta(hours=24)
"""How long an answer counts for another order."""
QUESTIONS_A_MINUTE = 30
AT_ONCE = 2
"""Questions that one process has under way: a register that hangs must not take every thread of the web."""

_turns = threading.BoundedSemaphore(AT_ONCE)


def is_offered() -> bool:
    """Whether the checkout asks for a VAT id at all: for sellers in the EU with an id of their own."""
    return is_in_eu(settings.SHOP_COUNTRY) and bool(settings.SELLER.vat_id)


def can_relieve(vat_id: VatId, place: Place) -> bool:
    """Whether a confirmed id would take the tax off goods that go there. Our own country's ids never do."""
    home = settings.SHOP_COUNTRY
    return (
        is_offered()
        and vat_id.country != home
        and is_in_eu(vat_id.country)
        and is_in_eu(place.country)
        and place.country != home
        and not place.is_outside
    )


def relieved_by(text: str, place: Place) -> str:
    """The id under which goods go there without tax; "" when tax is charged. One query, none without an id."""
    if not text or not can_relieve(VatId(text), place):
        return ""
    check = last_check(text)
    return text if check is not None and check.state == VatCheck.State.VALID else ""


def last_check(text: str) -> VatCheck | None:
    """The newest clear answer about an id within FRESH, else the newest without one."""
    recent = VatCheck.objects.filter(vat_id=text, asked_at__gt=Now() - FRESH).order_by("-pk")
    return recent.exclude(state=VatCheck.State.UNAVAILABLE).first() or recent.first()


def check_vat_id(vat_id: VatId, *, ask: Asker | None = None) -> VatCheck:
    """The answer of today, asked for when there is none yet. No lock is held while the register is asked."""
    known = last_check(vat_id.text)
    if known is not None and known.state != VatCheck.State.UNAVAILABLE:
        return known
    return keep_answer(vat_id, _ask(vat_id, ask or ask_vies))


def keep_answer(vat_id: VatId, answer: Answer) -> VatCheck:
    return VatCheck.objects.create(
        vat_id=vat_id.text,
        requester=answer.requester,
        state=answer.state,
        consultation=answer.consultation,
        name=answer.name,
        address=answer.address,
        detail=answer.detail,
    )


def _ask(vat_id: VatId, ask: Asker) -> Answer:
    lately = VatCheck.objects.filter(asked_at__gt=Now() - timedelta(minutes=1)).count()
    if lately >= QUESTIONS_A_MINUTE or not _turns.acquire(blocking=False):
        return Answer(UNAVAILABLE, detail="Too many questions at once; this one was not asked.")
    try:
        return ask(vat_id)
    finally:
        _turns.release()
