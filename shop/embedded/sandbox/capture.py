"""Capture of an authorised payment: whole, in part, or part by part (https://docs.stripe.com/payments/multicapture)."""

from shop.embedded.sandbox.charges import dispute_if_asked
from shop.embedded.sandbox.currencies import format_amount, refuse_step
from shop.embedded.sandbox.errors import ApiError, invalid_parameter, unexpected_state
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.intents import give_up
from shop.embedded.sandbox.ledger import post_charge
from shop.embedded.sandbox.params import Params, amount, boolean, merge_metadata, metadata, read, text
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.store import Json, show


def capture_intent(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    """Take `amount_to_capture` (all by default) and let go of the rest, or keep it with `final_capture` false."""
    intent = sandbox.find("payment_intent", id, noun="payment_intent")
    fields = {
        "amount_to_capture": amount,
        "final_capture": boolean,
        "metadata": metadata,
        "statement_descriptor": text,
        "statement_descriptor_suffix": text,
    }
    values = read(params, fields)
    _refuse_uncapturable(intent)
    charge = sandbox.find("charge", intent["latest_charge"], noun="charge")
    card = charge["payment_method_details"]["card"]
    is_final = values.get("final_capture", True)
    if not is_final and card["multicapture"]["status"] != "available":
        raise invalid_parameter(
            "final_capture can only be false when multicapture is available for this PaymentIntent.",
            param="final_capture",
        )
    wanted = values.get("amount_to_capture", intent["amount_capturable"])
    refuse_step(wanted, currency=intent["currency"], param="amount_to_capture")
    if wanted > intent["amount_capturable"]:
        most = format_amount(intent["amount_capturable"], currency=intent["currency"])
        raise ApiError(
            f"The provided amount_to_capture is greater than the {most} that can be captured.",
            code="amount_too_large",
            param="amount_to_capture",
        )
    if "metadata" in values:
        intent["metadata"] = merge_metadata(intent["metadata"], values["metadata"])
    charge["amount_captured"] += wanted
    charge["balance_transaction"] = post_charge(sandbox, charge, amount=wanted)
    intent["amount_received"] += wanted
    intent["amount_capturable"] -= wanted
    if is_final or not intent["amount_capturable"]:
        _finish(sandbox, intent=intent, charge=charge)
    else:
        sandbox.store.put("charge", charge)
        sandbox.store.put("payment_intent", intent)
        emit(sandbox, "charge.updated", charge)
        emit(sandbox, "payment_intent.amount_capturable_updated", intent)
    return intent


def _finish(sandbox: Sandbox, *, intent: Json, charge: Json) -> None:
    charge["captured"] = True
    sandbox.store.put("charge", charge)
    intent.update(status="succeeded", amount_capturable=0)
    sandbox.store.put("payment_intent", intent)
    session = sandbox.store.get("checkout.session", intent["_session"] or "")
    if session is not None:
        session["payment_status"] = "paid"
        sandbox.store.put("checkout.session", session)
    emit(sandbox, "charge.captured", charge)
    emit(sandbox, "payment_intent.amount_capturable_updated", intent)
    emit(sandbox, "payment_intent.succeeded", intent)
    method = sandbox.find("payment_method", charge["payment_method"], noun="PaymentMethod")
    dispute_if_asked(sandbox, charge=charge, method=method)


def _refuse_uncapturable(intent: Json) -> None:
    if intent["status"] == "requires_capture":
        return
    if intent["status"] == "succeeded":
        why = "has already been captured"
    else:
        why = f"has a status of {intent['status']}; only a PaymentIntent that is requires_capture can be captured"
    raise unexpected_state(f"This PaymentIntent could not be captured because it {why}.", payment_intent=show(intent))


def expire_authorisation(sandbox: Sandbox, intent: Json) -> None:
    """What the bank does with an authorisation nobody captured in seven days."""
    if intent["status"] == "requires_capture":
        give_up(sandbox, intent=intent, reason="automatic")
