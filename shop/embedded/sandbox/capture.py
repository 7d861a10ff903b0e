"""Capture of an authorised payment, whole or in part."""

from shop.embedded.sandbox.charges import dispute_if_asked
from shop.embedded.sandbox.currencies import format_amount
from shop.embedded.sandbox.errors import ApiError, not_modelled, unexpected_state
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.intents import give_up
from shop.embedded.sandbox.ledger import post_charge
from shop.embedded.sandbox.params import Params, amount, boolean, merge_metadata, metadata, read, text
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.store import Json, show


def capture_intent(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    """Take `amount_to_capture` (all by default); the rest of the authorisation is let go, the intent's amount stays."""
    intent = sandbox.find("payment_intent", id, noun="payment_intent")
    fields = {
        "amount_to_capture": amount,
        "final_capture": boolean,
        "metadata": metadata,
        "statement_descriptor": text,
        "statement_descriptor_suffix": text,
    }
    values = read(params, fields)
    if values.get("final_capture") is False:
        raise not_modelled("more than one capture of a payment.", param="final_capture")
    _refuse_uncapturable(intent)
    wanted = values.get("amount_to_capture", intent["amount_capturable"])
    if wanted > intent["amount_capturable"]:
        most = format_amount(intent["amount_capturable"], currency=intent["currency"])
        raise ApiError(
            f"The provided amount_to_capture is greater than the {most} that can be captured.",
            code="amount_too_large",
            param="amount_to_capture",
        )
    if "metadata" in values:
        intent["metadata"] = merge_metadata(intent["metadata"], values["metadata"])
    charge = sandbox.find("charge", intent["latest_charge"], noun="charge")
    charge.update(captured=True, amount_captured=wanted)
    charge["balance_transaction"] = post_charge(sandbox, charge)
    sandbox.store.put("charge", charge)
    intent.update(status="succeeded", amount_received=wanted, amount_capturable=0)
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
    return intent


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
