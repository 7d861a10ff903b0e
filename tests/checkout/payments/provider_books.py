"""The provider's own books against ours: at any moment no contradiction, at rest the same money on both sides."""

from collections import defaultdict
from typing import Any

from checkout.models import PaymentAttempt, Refund
from tests.checkout.till import Till

State = dict[str, list[dict[str, Any]]]
IN_FORCE = ("paid", "partly shipped", "shipped")


def contradictions(till: Till) -> list[str]:
    """What may never be said, even while webhooks and jobs are on their way; a sentence for each."""
    state = till.control.state()
    there = {one["id"]: one for one in state["payment_intents"]}
    wrong = []
    for attempt in _attempts():
        if attempt.state not in ("paid", "authorised"):
            continue
        intent = there.get(attempt.intent_id)
        took = intent["amount_received"] if intent else 0
        if attempt.amount == 0 and intent is None:
            continue
        if attempt.state == "paid" and (intent is None or took != cents(attempt.captured)):
            wrong.append(f"{attempt} has {attempt.captured} captured, the provider {took}")
        if attempt.state == "authorised" and cents(attempt.captured) > took:
            wrong.append(f"{attempt} has {attempt.captured} of it captured, the provider {took}")
        if attempt.state == "authorised" and (intent is None or intent["amount"] != cents(attempt.amount)):
            wrong.append(f"{attempt} has {attempt.amount} set aside, the provider nothing like it")
    for intent_id, back in _given_back(state).items():
        if back > there[intent_id]["amount_received"]:
            wrong.append(f"{intent_id}: {back} went back of {there[intent_id]['amount_received']}")
    ours = {one.provider_id: one for one in Refund.objects.exclude(provider_id="")}
    theirs = {one["id"]: one for one in state["refunds"]}
    wrong += [f"refund {one} is unknown to the provider" for one in ours.keys() - theirs.keys()]
    wrong += [
        f"refund {one} is {ours[one].amount} here and {theirs[one]['amount']} there"
        for one in ours.keys() & theirs.keys()
        if cents(ours[one].amount) != theirs[one]["amount"]
    ]
    return wrong


def differences(till: Till) -> list[str]:
    """What is left when everything was told and every job is done (I3, I4); a sentence for each."""
    state = till.control.state()
    back = _given_back(state)
    attempts = {one.intent_id: one for one in _attempts() if one.intent_id}
    refused = set(Refund.objects.filter(state=Refund.State.FAILED).values_list("attempt_id", flat=True))
    wrong = contradictions(till)
    kept: dict[str, int] = defaultdict(int)
    for intent in state["payment_intents"]:
        attempt = attempts.get(intent["id"])
        left = intent["amount_received"] - back[intent["id"]]
        held = intent["amount"] if intent["status"] == "requires_capture" else 0
        if attempt is not None and (attempt.state == "held" or attempt.disputed_at is not None):
            continue
        if attempt is None:
            wrong += [f"{intent['id']}: {left or held} kept, and no order knows it"] if left or held else []
            continue
        status = attempt.order.status
        kept[attempt.order.number] += left + held
        if held and (status not in IN_FORCE or attempt.state != "authorised"):
            wrong.append(f"{attempt}: {held} set aside for an order that is {status}, payment {attempt.state}")
        if left and status not in (*IN_FORCE, "refunded") and attempt.pk not in refused:
            wrong.append(f"{attempt}: {left} kept for an order that is {status}")
        if cents(attempt.captured) != intent["amount_received"]:
            wrong.append(f"{attempt}: {attempt.captured} captured here, {intent['amount_received']} there")
        if intent["amount_received"] and cents(attempt.refunded) != back[intent["id"]]:
            wrong.append(f"{attempt}: {attempt.refunded} refunded here, {back[intent['id']]} there")
    for attempt in attempts.values():
        if attempt.state == "authorised" and attempt.order.status in IN_FORCE and not kept[attempt.order.number]:
            wrong.append(f"order {attempt.order.number} is {attempt.order.status} and nothing is set aside for it")
    known = set(Refund.objects.exclude(provider_id="").values_list("provider_id", flat=True))
    of_held = {one.intent_id for one in attempts.values() if one.state == "held"}
    wrong += [
        f"refund {one['id']} of {one['amount']} has no row here"
        for one in state["refunds"]
        if one["id"] not in known and one["status"] in ("succeeded", "pending") and one["payment_intent"] not in of_held
    ]
    return wrong


def cents(amount: Any) -> int:
    return int(amount * 100)


def _attempts() -> list[PaymentAttempt]:
    return list(PaymentAttempt.objects.select_related("order").order_by("pk"))


def _given_back(state: State) -> dict[str, int]:
    back: dict[str, int] = defaultdict(int)
    for refund in state["refunds"]:
        if refund["status"] in ("succeeded", "pending"):
            back[refund["payment_intent"]] += refund["amount"]
    return back
