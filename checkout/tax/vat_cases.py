"""Orders that were taxed because the register gave no answer: asked again, and the tax proposed to go back."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.orders.timeline import record_event
from checkout.quote.figures import Quote
from checkout.tax.reverse_charge import can_relieve, check_vat_id, last_check
from checkout.tax.vat_id import VatId
from checkout.tax.vat_records import VatCase, VatCheck
from checkout.tax.vies import Asker
from checkout.tax.zones import find_place
from shop.audit.record import record_action
from shop.money import format_money

State = VatCase.State
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)


def open_case(order: Order, quote: Quote, *, vat_id: str, postcode: str) -> VatCase | None:
    """In the placing transaction, for an order that an answer could have made free of tax; None for every other."""
    if not vat_id or quote.vat_id or not quote.total_tax:
        return None
    if not can_relieve(VatId(vat_id), find_place(country=quote.country, postcode=postcode)):
        return None
    check = last_check(vat_id)
    if check is not None and check.state == VatCheck.State.INVALID:
        return None
    record_event(
        order_id=order.pk,
        kind="note",
        message=f"VAT id {vat_id} could not be checked; tax is charged until it can.",
    )
    return VatCase.objects.create(order=order, vat_id=vat_id, tax=quote.total_tax, answer=check)


def ask_again(*, limit: int = 20, ask: Asker | None = None) -> int:
    """Ask about the cases that are due; how many got an answer. Safe at any time, twice, and beside itself."""
    due = VatCase.objects.filter(state=State.WAITING, next_at__lte=Now()).order_by("next_at")
    return sum(ask_about(order_id, ask=ask) for order_id in due.values_list("pk", flat=True)[:limit])


def ask_about(order_id: int, *, ask: Asker | None = None) -> bool:
    """One question about one case; whether there was an answer."""
    vat_id = VatId(VatCase.objects.values_list("vat_id", flat=True).get(pk=order_id))
    check = check_vat_id(vat_id, ask=ask)
    with transaction.atomic():
        waiting = VatCase.objects.filter(pk=order_id, state=State.WAITING)
        case = VatCase.objects.select_related("order").get(pk=order_id)
        if check.state == VatCheck.State.UNAVAILABLE:
            pause = min(FIRST_PAUSE * 2 ** min(case.tries, 10), LONGEST_PAUSE)
            waiting.update(answer=check, tries=F("tries") + 1, next_at=Now() + pause)
            return False
        is_valid = check.state == VatCheck.State.VALID
        state = State.REFUNDABLE if is_valid else State.CLOSED
        if not waiting.update(answer=check, tries=F("tries") + 1, state=state):
            return False
        record_event(order_id=order_id, kind="alert" if is_valid else "note", message=_words(case, check))
    return True


@transaction.atomic
def close_cases(order_ids: list[int], *, actor: Any) -> int:
    """Staff settled them (gave the tax back, or agreed otherwise). How many; audited one by one."""
    closed = 0
    for order_id in sorted(order_ids):
        if VatCase.objects.filter(pk=order_id).exclude(state=State.CLOSED).update(state=State.CLOSED):
            closed += 1
            record_event(order_id=order_id, kind="note", message="The case of the VAT id is settled.", actor=actor)
            record_action(action="close", subject_type="vatcase", subject_id=order_id, actor=actor)
    return closed


def _words(case: VatCase, check: VatCheck) -> str:
    if check.state != VatCheck.State.VALID:
        return f"VAT id {case.vat_id} is not in force. The tax that was charged stays."
    number = f" (consultation {check.consultation})" if check.consultation else ""
    tax = format_money(case.tax, case.order.currency)
    return f"VAT id {case.vat_id} is confirmed{number}: {tax} of tax can go back to the customer."
