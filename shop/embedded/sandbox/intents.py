"""Payment intents: made, changed, found, given up."""

from collections.abc import Callable

from shop.embedded.sandbox.confirmation import confirm
from shop.embedded.sandbox.currencies import format_amount, smallest_charge
from shop.embedded.sandbox.errors import ApiError, invalid_parameter, missing_parameter, unexpected_state
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import (
    Params,
    amount,
    anything,
    boolean,
    currency,
    email,
    integer,
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
from shop.embedded.sandbox.store import Json

CAPTURE_METHODS = ("automatic", "automatic_async", "manual")
CHANGEABLE = ("requires_payment_method", "requires_confirmation", "requires_action")

DETAILS = {
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
CONFIRM = {
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
CREATE = {
    **CONFIRM,
    **DETAILS,
    "amount": amount,
    "automatic_payment_methods": table,
    "confirm": boolean,
    "confirmation_method": one_of("automatic", "manual"),
    "currency": currency,
    "payment_method_types": texts,
}
KEPT = ("capture_method", "description", "receipt_email", "setup_future_usage", "shipping", "confirmation_method")
KEPT += ("statement_descriptor", "statement_descriptor_suffix", "transfer_group")


def refuse_amount(amount: int, *, currency: str, what: str = "Amount") -> None:
    if amount < smallest_charge(currency):
        least = format_amount(smallest_charge(currency), currency=currency)
        raise invalid_parameter(f"{what} must be at least {least}", param="amount", code="amount_too_small")


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
            payment_intent=public(intent),
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


def public(intent: Json) -> Json:
    return {key: value for key, value in intent.items() if key[0] != "_"}


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
            payment_intent=public(intent),
        )
    return give_up(sandbox, intent=intent, reason=values.get("cancellation_reason"))


def give_up(sandbox: Sandbox, *, intent: Json, reason: str | None) -> Json:
    """Cancel, and let go of what was only authorised."""
    charge = sandbox.store.get("charge", intent["latest_charge"] or "")
    if intent["status"] == "requires_capture" and charge is not None:
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


def list_intents(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(params, {"created": anything, "customer": text})
    found = filter_created(sandbox.store.newest("payment_intent"), wanted.get("created"))
    return list_page(filter_equal(found, wanted, "customer"), page=page, url="/v1/payment_intents")


def search_intents(sandbox: Sandbox, params: Params) -> Json:
    """`metadata['order']:'1001' AND status:'succeeded'`: terms joined by AND, of metadata, status, currency, customer
    and amount."""
    values = read(params, {"query": text, "limit": integer, "page": text}, required=("query",))
    tests = [_read_term(term.strip(), values["query"]) for term in values["query"].split(" AND ")]
    limit = min(max(values.get("limit") or 10, 1), 100)
    start = int(values["page"]) if (values.get("page") or "").isdecimal() else 0
    found = [one for one in sandbox.store.newest("payment_intent") if all(test(one) for test in tests)]
    more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": "/v1/payment_intents/search",
    }


def _read_term(term: str, query: str) -> Callable[[Json], bool]:
    name, mark, value = term.partition(":")
    value = value.strip("'\"")
    key = name[len("metadata[") : -1].strip("'\"") if name.startswith("metadata[") and name.endswith("]") else None
    if not mark or (key is None and name not in ("status", "currency", "customer", "amount")):
        raise (
            missing_parameter("query")
            if not query
            else invalid_parameter(
                f"The search query {query[:80]!r} is not understood: use terms like metadata['order']:'1001'.",
                param="query",
            )
        )
    if key is not None:
        return lambda intent: intent["metadata"].get(key) == value
    return lambda intent: str(intent[name]) == value
