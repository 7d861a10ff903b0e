"""What a stored event makes us do: find the payment it speaks of and ask the provider what is true.

Nothing is taken from the event but the names of things. Order and number of deliveries therefore do not matter.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from checkout.payments.disputes import note_disputes
from checkout.payments.foreign_refund import record_refund
from checkout.payments.gateway import get_gateway
from checkout.payments.records import PaymentAttempt, ProviderEvent
from checkout.payments.settle import settle_payment
from checkout.shield.noting import note_declined

Thing = Mapping[str, Any]
NOT_OURS = "No payment of this shop."


def handle_provider_event(payload: Mapping[str, Any]) -> None:
    """Handler of `provider.event_received`. Raises ProviderUnavailable to be called again."""
    event = ProviderEvent.objects.get(pk=payload["provider_event_id"])
    if event.handled_at is not None:
        return
    thing = (event.payload.get("data") or {}).get("object") or {}
    act = _act_for(event.kind)
    outcome = act(thing) if act is not None and isinstance(thing, Mapping) else "Nothing to do."
    ProviderEvent.objects.filter(pk=event.pk, handled_at__isnull=True).update(handled_at=Now(), outcome=outcome[:250])


def _act_for(kind: str) -> Callable[[Thing], str] | None:
    if kind.startswith("charge.dispute."):
        return _note_dispute
    if kind.startswith("refund.") or kind == "charge.refund.updated":
        return _refund_changed
    if kind == "charge.refunded":
        return _charge_refunded
    if kind == "charge.failed":
        return _charge_failed
    if kind.startswith(("checkout.session.", "payment_intent.", "charge.")):
        return _settle
    return None


def find_attempt(*, session_id: str = "", intent_id: str = "", attempt_ref: str = "") -> PaymentAttempt | None:
    """By the provider's ids, else by our own id in its metadata (an intent we have not met yet)."""
    wanted = Q()
    if session_id:
        wanted |= Q(session_id=session_id)
    if intent_id:
        wanted |= Q(intent_id=intent_id)
    found = PaymentAttempt.objects.filter(wanted).order_by("-pk").first() if wanted else None
    if found is None and attempt_ref.isdecimal() and len(attempt_ref) < 19:
        found = PaymentAttempt.objects.filter(pk=int(attempt_ref), intent_id__in=("", intent_id)).first()
    return found


def _attempt_of(thing: Thing) -> PaymentAttempt | None:
    kind = thing.get("object")
    intent = thing.get("id") if kind == "payment_intent" else thing.get("payment_intent")
    return find_attempt(
        session_id=str(thing.get("id", "")) if kind == "checkout.session" else "",
        intent_id=_id_of(intent),
        attempt_ref=str((thing.get("metadata") or {}).get("attempt", "")),
    )


def _id_of(thing: Any) -> str:
    return str(thing.get("id", "")) if isinstance(thing, Mapping) else str(thing or "")


def _settle(thing: Thing) -> str:
    attempt = _attempt_of(thing)
    if attempt is None:
        return NOT_OURS
    attempt = settle_payment(attempt.pk)
    return f"Payment {attempt.pk} is {attempt.state}."


def _charge_failed(thing: Thing) -> str:
    """Each refused card counts, also those between two looks at the provider."""
    attempt = _attempt_of(thing)
    if attempt is not None and thing.get("id"):
        card = ((thing.get("payment_method_details") or {}).get("card")) or {}
        with transaction.atomic():
            note_declined(
                attempt.order, charge=str(thing["id"]), card=str(card.get("fingerprint") or ""), attempt_id=attempt.pk
            )
    return _settle(thing)


def _refund_changed(thing: Thing) -> str:
    if thing.get("object") != "refund":
        return "Nothing to do."
    refund = record_refund(get_gateway().fetch_refund(_id_of(thing)))
    return f"Refund {refund.pk} is {refund.state}." if refund is not None else NOT_OURS


def _charge_refunded(thing: Thing) -> str:
    intent_id = _id_of(thing.get("payment_intent"))
    known = [record_refund(truth) for truth in get_gateway().refunds_of(intent_id)] if intent_id else []
    return f"{len([one for one in known if one is not None])} refunds compared."


def _note_dispute(thing: Thing) -> str:
    attempt = _attempt_of(thing)
    if attempt is None:
        return NOT_OURS
    disputes = get_gateway().disputes_of(_id_of(thing.get("payment_intent")) or attempt.intent_id)
    return f"{note_disputes(attempt.pk, disputes)} open disputes of payment {attempt.pk}."
