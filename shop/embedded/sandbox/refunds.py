"""Refunds, never more than was captured."""

from shop.embedded.sandbox.currencies import format_amount, refuse_step
from shop.embedded.sandbox.disputes import is_refundable
from shop.embedded.sandbox.errors import ApiError, missing_parameter
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.ledger import post_transaction
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import (
    Params,
    Reader,
    amount,
    anything,
    currency,
    merge_metadata,
    metadata,
    one_of,
    read,
    text,
)
from shop.embedded.sandbox.payment_methods import get_card
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.money import shape_refund
from shop.embedded.sandbox.store import Json

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create_refund(sandbox: Sandbox, params: Params) -> Json:
    """Of a charge or of a payment intent's charge; the whole rest when no amount is given."""
    fields: dict[str, Reader] = {
        "amount": amount,
        "charge": text,
        "currency": currency,
        "instructions_email": text,
        "metadata": metadata,
        "payment_intent": text,
        "reason": one_of(*REASONS),
    }
    values = read(params, fields)
    charge = _find_charge(sandbox, values)
    left = count_refundable(sandbox, charge)
    wanted = values.get("amount", left)
    refuse_step(wanted, currency=charge["currency"])
    _refuse_impossible(sandbox, charge=charge, wanted=wanted, left=left)
    refund = shape_refund(
        charge,
        amount=wanted,
        created=sandbox.clock.now(),
        reason=values.get("reason"),
        metadata=merge_metadata({}, values.get("metadata", {})),
    )
    behaviour = _choose_behaviour(sandbox, charge)
    if behaviour == "pending":
        refund["status"] = "pending"
    refund["balance_transaction"] = post_transaction(sandbox, source=refund, amount=-wanted, kind="refund")
    sandbox.store.put("refund", refund)
    _mark_charge(sandbox, charge)
    emit(sandbox, "refund.created", refund)
    emit(sandbox, "charge.refunded", charge)
    emit(sandbox, "refund.updated", refund)
    if behaviour:
        due = sandbox.clock.read() + sandbox.settings.settle_seconds
        sandbox.timers.set(due=due, action="finish_refund", target=refund["id"])
    return refund


def _find_charge(sandbox: Sandbox, values: Params) -> Json:
    if values.get("charge"):
        return sandbox.find("charge", values["charge"], noun="charge", param="charge", status=404)
    if not values.get("payment_intent"):
        raise missing_parameter("charge")
    intent = sandbox.find(
        "payment_intent", values["payment_intent"], noun="payment_intent", param="payment_intent", status=404
    )
    charge = sandbox.store.get("charge", intent["latest_charge"] or "")
    if charge is None or charge["status"] != "succeeded" or not charge["amount_captured"]:
        raise ApiError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return charge


def count_refundable(sandbox: Sandbox, charge: Json) -> int:
    """What may still be given back of a charge, in minor units."""
    given: int = sum(
        refund["amount"]
        for refund in sandbox.store.newest("refund")
        if refund["charge"] == charge["id"] and refund["status"] not in ("failed", "canceled")
    )
    return int(charge["amount_captured"]) - given


def _refuse_impossible(sandbox: Sandbox, *, charge: Json, wanted: int, left: int) -> None:
    if charge["status"] != "succeeded" or not charge["amount_captured"]:
        raise ApiError(f"Charge {charge['id']} cannot be refunded.", code="charge_not_refundable")
    if not is_refundable(sandbox, charge):
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left <= 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if wanted > left:
        asked, rest = (format_amount(sum, currency=charge["currency"]) for sum in (wanted, left))
        raise ApiError(f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})", param="amount")


def _choose_behaviour(sandbox: Sandbox, charge: Json) -> str:
    method = sandbox.store.get("payment_method", charge["payment_method"])
    return get_card(method).refund if method is not None and method["type"] == "card" else ""


def _mark_charge(sandbox: Sandbox, charge: Json) -> None:
    charge["amount_refunded"] = charge["amount_captured"] - count_refundable(sandbox, charge)
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    sandbox.store.put("charge", charge)


def finish_refund(sandbox: Sandbox, refund: Json) -> None:
    """What the special test cards do a moment later: a pending refund succeeds, or a succeeded one fails."""
    charge = sandbox.find("charge", refund["charge"], noun="charge")
    if refund["status"] in ("failed", "canceled"):
        return
    if _choose_behaviour(sandbox, charge) == "fails":
        _take_back(sandbox, refund=refund, charge=charge, status="failed")
        refund["failure_reason"] = "expired_or_canceled_card"
        emit(sandbox, "refund.updated", refund)
        emit(sandbox, "refund.failed", refund)
    else:
        refund["status"] = "succeeded"
        emit(sandbox, "refund.updated", refund, previous={"status": "pending"})
    sandbox.store.put("refund", refund)


def _take_back(sandbox: Sandbox, *, refund: Json, charge: Json, status: str) -> None:
    refund["status"] = status
    sandbox.store.put("refund", refund)
    refund["failure_balance_transaction"] = post_transaction(
        sandbox, source=refund, amount=refund["amount"], kind="refund_failure"
    )
    _mark_charge(sandbox, charge)


def cancel_refund(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    refund = sandbox.find("refund", id, noun="refund")
    if refund["status"] not in ("pending", "requires_action"):
        raise ApiError(f"This refund cannot be canceled because it is {refund['status']}.")
    _take_back(
        sandbox, refund=refund, charge=sandbox.find("charge", refund["charge"], noun="charge"), status="canceled"
    )
    emit(sandbox, "refund.updated", refund, previous={"status": "pending"})
    return refund


def retrieve_refund(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return sandbox.find("refund", id, noun="refund")


def update_refund(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    refund = sandbox.find("refund", id, noun="refund")
    values = read(params, {"metadata": metadata})
    refund["metadata"] = merge_metadata(refund["metadata"], values.get("metadata", {}))
    emit(sandbox, "refund.updated", refund)
    return sandbox.store.put("refund", refund)


def list_refunds(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(params, {"charge": text, "created": anything, "payment_intent": text})
    found = filter_created(sandbox.store.newest("refund"), wanted.get("created"))
    return list_page(filter_equal(found, wanted, "charge", "payment_intent"), page=page, url="/v1/refunds")
