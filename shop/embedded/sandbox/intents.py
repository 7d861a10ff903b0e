"""Payment intents: made, changed, found, given up."""

from shop.embedded.sandbox.confirmation import confirm
from shop.embedded.sandbox.currencies import format_amount, refuse_step, smallest_charge
from shop.embedded.sandbox.errors import ApiError, invalid_parameter, unexpected_state
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.params import (
    Params,
    Reader,
    amount,
    boolean,
    currency,
    email,
    merge_metadata,
    metadata,
    one_of,
    read,
    table,
    text,
    texts,
    url,
)
from shop.embedded.sandbox.payment_methods import create_payment_method, find_method
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.payments import shape_payment_intent
from shop.embedded.sandbox.store import Json, show

CAPTURE_METHODS = ("automatic", "automatic_async", "manual")
CHANGEABLE = ("requires_payment_method", "requires_confirmation", "requires_action")

DETAILS: dict[str, Reader] = {
    "capture_method": one_of(*CAPTURE_METHODS),
    "customer": text,
    "description": text,
    "metadata": metadata,
    "payment_method": text,
    "payment_method_data": table,
    "payment_method_options": table,
    "receipt_email": email,
    "setup_future_usage": one_of("off_session", "on_session"),
    "shipping": table,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    "transfer_group": text,
}
CONFIRM: dict[str, Reader] = {
    "capture_method": one_of(*CAPTURE_METHODS),
    "error_on_requires_action": boolean,
    "mandate_data": table,
    "off_session": boolean,
    "payment_method": text,
    "payment_method_data": table,
    "payment_method_options": table,
    "receipt_email": email,
    "return_url": url,
    "setup_future_usage": one_of("off_session", "on_session"),
    "shipping": table,
    "use_stripe_sdk": boolean,
}
CREATE: dict[str, Reader] = {
    **CONFIRM,
    **DETAILS,
    "amount": amount,
    "automatic_payment_methods": table,
    "confirm": boolean,
    "confirmation_method": one_of("automatic", "manual"),
    "currency": currency,
    "payment_method_types": texts,
}
KEPT = (
    "capture_method",
    "confirmation_method",
    "description",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


def asks_multicapture(values: Params) -> bool:
    """Whether several captures are asked for, if the card allows them."""
    card = (values.get("payment_method_options") or {}).get("card") or {}
    return isinstance(card, dict) and card.get("request_multicapture") == "if_available"


def refuse_amount(amount: int, *, currency: str, what: str = "Amount") -> None:
    if amount < smallest_charge(currency):
        least = format_amount(smallest_charge(currency), currency=currency)
        raise invalid_parameter(f"{what} must be at least {least}", param="amount", code="amount_too_small")
    refuse_step(amount, currency=currency)


def create_intent(sandbox: Sandbox, params: Params) -> Json:
    values = read(params, CREATE, required=("amount", "currency"))
    refuse_amount(values["amount"], currency=values["currency"])
    if not values.get("confirm") and (values.get("off_session") or "return_url" in values):
        name = "off_session" if values.get("off_session") else "return_url"
        raise invalid_parameter(f"The parameter {name} may only be given with confirm=true.", param=name)
    intent = shape_payment_intent(amount=values["amount"], currency=values["currency"], created=sandbox.clock.now())
    if "payment_method_types" in values:
        intent["payment_method_types"] = _read_types(values["payment_method_types"])
    else:
        intent["automatic_payment_methods"] = {"allow_redirects": "always", "enabled": True}
        intent["automatic_payment_methods"] |= _read_automatic(values.get("automatic_payment_methods", {}))
    _apply(sandbox, intent=intent, values=values)
    sandbox.store.put("payment_intent", intent)
    emit(sandbox, "payment_intent.created", intent)
    if values.get("confirm"):
        confirm(sandbox, intent=intent, values=values)
    return intent


def _read_types(types: list[str]) -> list[str]:
    strange = [name for name in types if name not in ("card", "sepa_debit")]
    if strange or not types:
        raise invalid_parameter(
            f"The payment method type {', '.join(strange)!r} is not enabled here: use card or sepa_debit.",
            param="payment_method_types",
        )
    return types


def _read_automatic(given: Params) -> Params:
    return read(given, {"enabled": boolean, "allow_redirects": one_of("always", "never")})


def _apply(sandbox: Sandbox, *, intent: Json, values: Params) -> None:
    if values.get("customer"):
        sandbox.find("customer", values["customer"], noun="customer", param="customer", status=400)
        intent["customer"] = values["customer"]
    if "metadata" in values:
        intent["metadata"] = merge_metadata(intent["metadata"], values["metadata"])
    for name in KEPT:
        if name in values:
            intent[name] = values[name] or None
    if "payment_method_options" in values:
        intent["_multicapture"] = asks_multicapture(values)
    if values.get("payment_method_data"):
        intent["payment_method"] = create_payment_method(sandbox, values["payment_method_data"])["id"]
    elif values.get("payment_method"):
        intent["payment_method"] = find_method(sandbox, values["payment_method"])["id"]
    if intent["payment_method"] is not None and intent["status"] == "requires_payment_method":
        intent["status"] = "requires_confirmation"


def update_intent(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    intent = sandbox.find("payment_intent", id, noun="payment_intent")
    values = read(params, {**DETAILS, "amount": amount, "currency": currency, "payment_method_types": texts})
    fixed = {"amount", "currency", "payment_method", "payment_method_data", "capture_method", "payment_method_types"}
    blocked = sorted(fixed & set(values))
    if intent["status"] not in CHANGEABLE and blocked:
        raise unexpected_state(
            f"This PaymentIntent's {blocked[0]} could not be updated because it has a status of {intent['status']}."
            " You may only update it while it waits for a payment method, a confirmation or an action.",
            payment_intent=show(intent),
        )
    if intent["_session"] and {"amount", "currency"} & set(values):
        raise ApiError("The amount of a PaymentIntent that belongs to a Checkout Session cannot be changed.")
    intent["amount"] = values.get("amount", intent["amount"])
    intent["currency"] = values.get("currency", intent["currency"])
    refuse_amount(intent["amount"], currency=intent["currency"])
    if "payment_method_types" in values:
        intent["payment_method_types"] = _read_types(values["payment_method_types"])
    _apply(sandbox, intent=intent, values=values)
    return sandbox.store.put("payment_intent", intent)


def retrieve_intent(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    secret = read(params, {"client_secret": text}).get("client_secret")
    intent = sandbox.find("payment_intent", id, noun="payment_intent")
    if secret is not None and secret != intent["client_secret"]:
        raise invalid_parameter("The client_secret does not match this PaymentIntent.", param="client_secret")
    return intent


def confirm_intent(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    intent = sandbox.find("payment_intent", id, noun="payment_intent")
    values = read(params, {**CONFIRM, "client_secret": text})
    if intent["_session"]:
        raise unexpected_state("This PaymentIntent belongs to a Checkout Session and is confirmed on its page.")
    if intent["status"] in CHANGEABLE:
        _apply(sandbox, intent=intent, values=values)
    return confirm(sandbox, intent=intent, values=values)


def cancel_intent(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    """Refused for an intent that a Checkout Session still uses: that session has to be expired instead."""
    intent = sandbox.find("payment_intent", id, noun="payment_intent")
    reasons = one_of("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    values = read(params, {"cancellation_reason": reasons})
    session = sandbox.store.get("checkout.session", intent["_session"] or "")
    if session is not None and session["status"] == "open":
        raise unexpected_state(
            "You cannot cancel the PaymentIntent of an open Checkout Session. Expire the Checkout Session instead."
        )
    if intent["status"] not in (*CHANGEABLE, "requires_capture"):
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent"
            " with one of the following statuses may be canceled: requires_payment_method, requires_capture,"
            " requires_confirmation, requires_action, processing.",
            payment_intent=show(intent),
        )
    return give_up(sandbox, intent=intent, reason=values.get("cancellation_reason"))


def give_up(sandbox: Sandbox, *, intent: Json, reason: str | None) -> Json:
    """Cancel, and let go of what was only authorised."""
    charge = sandbox.store.get("charge", intent["latest_charge"] or "")
    if intent["status"] == "requires_capture" and charge is not None:
        if charge["amount_captured"]:
            charge["captured"] = True
        else:
            charge.update(amount_refunded=charge["amount"], refunded=True)
        sandbox.store.put("charge", charge)
        emit(sandbox, "charge.expired" if reason == "automatic" else "charge.refunded", charge)
    intent.update(
        status="canceled",
        amount_capturable=0,
        canceled_at=sandbox.clock.now(),
        cancellation_reason=reason,
        next_action=None,
    )
    sandbox.store.put("payment_intent", intent)
    emit(sandbox, "payment_intent.canceled", intent)
    return intent
