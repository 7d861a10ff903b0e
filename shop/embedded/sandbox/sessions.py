"""Checkout Sessions as the API sees them: made, read, expired. Paying happens in `checkout.py`."""

from typing import Any

from shop.embedded.sandbox.currencies import smallest_charge
from shop.embedded.sandbox.errors import ApiError, invalid_parameter, missing_parameter, not_modelled
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.intents import asks_multicapture, give_up, refuse_amount
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import (
    Params,
    anything,
    merge_metadata,
    metadata,
    read,
    table,
    text,
)
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.session_fields import CREATE, INTENT_DATA, KEPT, NOT_MODELLED
from shop.embedded.sandbox.session_lines import read_lines
from shop.embedded.sandbox.shapes.checkout import shape_customer_details, shape_session
from shop.embedded.sandbox.shapes.lists import shape_list
from shop.embedded.sandbox.store import Json, make_id, show

SHORTEST = 30 * 60
LONGEST = 24 * 3600
OLD_UI_MODES = {"hosted": "hosted_page", "embedded": "embedded_page", "custom": "elements"}


def create_session(sandbox: Sandbox, params: Params) -> Json:
    refused = sorted(NOT_MODELLED & set(params))
    if refused:
        raise not_modelled(f"the parameter {refused[0]} of a Checkout Session.", param=refused[0])
    values = read(params, CREATE, required=("mode", "line_items"))
    if values["mode"] != "payment":
        raise not_modelled(f"Checkout Sessions in {values['mode']} mode.", param="mode")
    ui_mode = _read_ui_mode(values)
    lines = read_lines(values["line_items"], created=sandbox.clock.now())
    code = lines[0]["currency"]
    total = sum(line["amount_total"] for line in lines)
    if total > 99_999_999:
        raise invalid_parameter(
            "The total must be no more than 999,999.99.", param="line_items", code="amount_too_large"
        )
    if total < smallest_charge(code):
        refuse_amount(total, currency=code, what="The Checkout Session's total amount due")
    now = sandbox.clock.now()
    session = shape_session(created=now, expires_at=_read_expiry(sandbox, values, now=now), currency=code, amount=total)
    session |= {name: values[name] for name in KEPT if values.get(name)}
    session |= {"ui_mode": ui_mode, "metadata": merge_metadata({}, values.get("metadata", {})), "_lines": lines}
    session["_intent_data"] = read(values.get("payment_intent_data", {}), INTENT_DATA)
    session["_multicapture"] = asks_multicapture(values)
    session["payment_method_types"] = _read_types(values.get("payment_method_types", ["card"]))
    _set_customer(sandbox, session=session, values=values)
    if ui_mode == "hosted_page":
        session["url"] = f"{sandbox.settings.public_url}/c/pay/{session['id']}"
    else:
        session["client_secret"] = make_id(f"{session['id']}_secret_", length=40)
        session["redirect_on_completion"] = session["redirect_on_completion"] or "always"
    sandbox.store.put("checkout.session", session)
    sandbox.timers.set(due=session["expires_at"], action="expire_session", target=session["id"])
    return session


def _read_ui_mode(values: Params) -> str:
    mode = values.get("ui_mode") or "hosted_page"
    if mode in OLD_UI_MODES:
        raise invalid_parameter(
            f"Invalid ui_mode: {mode} was renamed to {OLD_UI_MODES[mode]} in this API version.", param="ui_mode"
        )
    if mode not in ("hosted_page", "embedded_page", "elements"):
        raise invalid_parameter(
            "Invalid ui_mode: must be one of elements, embedded_page, or hosted_page", param="ui_mode"
        )
    wanted, other = ("success_url", "return_url") if mode == "hosted_page" else ("return_url", "success_url")
    if not values.get(wanted) and values.get("redirect_on_completion") != "never":
        raise missing_parameter(wanted)
    if values.get(other):
        raise invalid_parameter(f"You cannot use `{other}` with ui_mode {mode}; use `{wanted}`.", param=other)
    if mode != "hosted_page" and values.get("cancel_url"):
        raise invalid_parameter(f"You cannot use `cancel_url` with ui_mode {mode}.", param="cancel_url")
    return str(mode)


def _read_types(types: list[str]) -> list[str]:
    if not types or any(name not in ("card", "sepa_debit") for name in types):
        raise invalid_parameter(
            "Invalid payment_method_types: card and sepa_debit are enabled here.", param="payment_method_types"
        )
    return types


def _read_expiry(sandbox: Sandbox, values: Params, *, now: int) -> int:
    at = values.get("expires_at")
    if at is None:
        return now + LONGEST
    shortest = 1 if sandbox.settings.short_sessions else SHORTEST
    # A request is a moment on its way; Stripe too counts from when the session is made.
    if not shortest - 5 <= at - now <= LONGEST + 5 or at <= now:
        raise invalid_parameter(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return int(at)


def _set_customer(sandbox: Sandbox, *, session: Json, values: Params) -> None:
    address = session["customer_email"]
    if values.get("customer"):
        if address:
            raise invalid_parameter("You may only specify one of these: customer, customer_email.", param="customer")
        customer = sandbox.find("customer", values["customer"], noun="customer", param="customer", status=400)
        session.update(customer=customer["id"], customer_creation=None)
        address = customer["email"]
    if address:
        session["customer_details"] = shape_customer_details(email=address, name=None)


def get_session(sandbox: Sandbox, id: str) -> Json:
    """The session as it is now: one whose time is up has expired, whether or not the timer has fired."""
    session = sandbox.find("checkout.session", id, noun="checkout.session", param="session")
    if session["status"] == "open" and session["expires_at"] <= sandbox.clock.now():
        close_session(sandbox, session)
    return session


def close_session(sandbox: Sandbox, session: Json) -> None:
    """Expire an open session and cancel what it had begun to pay."""
    session.update(status="expired", url=None)
    sandbox.store.put("checkout.session", session)
    intent = sandbox.store.get("payment_intent", session["payment_intent"] or "")
    if intent is not None and intent["status"] not in ("succeeded", "canceled", "processing", "requires_capture"):
        give_up(sandbox, intent=intent, reason="automatic")
    emit(sandbox, "checkout.session.expired", session)


def expire_if_due(sandbox: Sandbox, session: Json) -> None:
    get_session(sandbox, session["id"])


def expire_session(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    session = get_session(sandbox, id)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Checkout Session has a status of {session['status']}."
        )
    close_session(sandbox, session)
    return session


def retrieve_session(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return get_session(sandbox, id)


def update_session(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    session = get_session(sandbox, id)
    values = read(params, {"metadata": metadata})
    session["metadata"] = merge_metadata(session["metadata"], values.get("metadata", {}))
    return sandbox.store.put("checkout.session", session)


def list_sessions(sandbox: Sandbox, params: Params) -> Json:
    filters: dict[str, Any] = {"payment_intent": text, "status": text, "customer": text, "created": anything}
    page, wanted = read_page(params, {**filters, "customer_details": table})
    found = filter_created(sandbox.store.newest("checkout.session"), wanted.get("created"))
    address = wanted.get("customer_details", {}).get("email")
    if address:
        found = (one for one in found if (one["customer_details"] or {}).get("email") == address)
    matching = filter_equal(found, wanted, "payment_intent", "status", "customer")
    return list_page(matching, page=page, url="/v1/checkout/sessions")


def list_session_lines(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    page, _ = read_page(params, {})
    session = sandbox.find("checkout.session", id, noun="checkout.session", param="session")
    return list_page(map(show, session["_lines"]), page=page, url=f"/v1/checkout/sessions/{id}/line_items")


def show_lines(session: Json) -> Json:
    """What `expand[]=line_items` adds."""
    lines = [show(line) for line in session["_lines"]]
    return shape_list(lines, url=f"/v1/checkout/sessions/{session['id']}/line_items")
