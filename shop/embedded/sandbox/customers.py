"""Customers, and setup intents that keep a card for later."""

from shop.embedded.sandbox.cards import AUTHENTICATION
from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import (
    Params,
    Reader,
    anything,
    boolean,
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
from shop.embedded.sandbox.payment_methods import (
    attach_method,
    card_error,
    create_payment_method,
    find_method,
    get_card,
)
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.account import shape_customer, shape_setup_intent
from shop.embedded.sandbox.store import Json, snapshot

CUSTOMER: dict[str, Reader] = {
    "address": table,
    "business_name": text,
    "description": text,
    "email": text,
    "individual_name": text,
    "invoice_settings": table,
    "metadata": metadata,
    "name": text,
    "payment_method": text,
    "phone": text,
    "preferred_locales": texts,
    "shipping": table,
    "tax_exempt": one_of("none", "exempt", "reverse"),
}
SETUP: dict[str, Reader] = {
    "automatic_payment_methods": table,
    "confirm": boolean,
    "customer": text,
    "description": text,
    "metadata": metadata,
    "payment_method": text,
    "payment_method_data": table,
    "payment_method_options": table,
    "payment_method_types": texts,
    "return_url": url,
    "usage": one_of("off_session", "on_session"),
    "use_stripe_sdk": boolean,
    "mandate_data": table,
}


def create_customer(sandbox: Sandbox, params: Params) -> Json:
    customer = shape_customer(created=sandbox.clock.now())
    sandbox.store.put("customer", customer)
    _apply(sandbox, customer=customer, values=read(params, {**CUSTOMER, "email": email}))
    emit(sandbox, "customer.created", customer)
    return customer


def update_customer(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    customer = sandbox.find("customer", id, noun="customer")
    _apply(sandbox, customer=customer, values=read(params, {**CUSTOMER, "email": email}))
    emit(sandbox, "customer.updated", customer)
    return customer


def _apply(sandbox: Sandbox, *, customer: Json, values: Params) -> None:
    method = values.pop("payment_method", None)
    if "metadata" in values:
        values["metadata"] = merge_metadata(customer["metadata"], values["metadata"])
    if "invoice_settings" in values:
        values["invoice_settings"] = {**customer["invoice_settings"], **values["invoice_settings"]}
    for name in ("address", "shipping"):
        if name in values:
            values[name] = values[name] or None
    customer.update(values)
    sandbox.store.put("customer", customer)
    if method:
        attach_method(sandbox, method=find_method(sandbox, method), customer=customer["id"])


def retrieve_customer(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    if sandbox.store.get("deleted_customer", id) is not None:
        return {"id": id, "object": "customer", "deleted": True}
    return sandbox.find("customer", id, noun="customer")


def delete_customer(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    customer = sandbox.find("customer", id, noun="customer")
    sandbox.store.remove("customer", id)
    sandbox.store.put("deleted_customer", {"id": id})
    emit(sandbox, "customer.deleted", customer)
    return {"id": id, "object": "customer", "deleted": True}


def list_customers(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(params, {"created": anything, "email": text})
    found = filter_created(sandbox.store.newest("customer"), wanted.get("created"))
    return list_page(filter_equal(found, wanted, "email"), page=page, url="/v1/customers")


def create_setup(sandbox: Sandbox, params: Params) -> Json:
    values = read(params, SETUP)
    setup = shape_setup_intent(created=sandbox.clock.now())
    if values.get("customer"):
        setup["customer"] = sandbox.find("customer", values["customer"], noun="customer", param="customer")["id"]
    setup |= {name: values[name] for name in ("description", "usage", "payment_method_types") if values.get(name)}
    setup["metadata"] = merge_metadata({}, values.get("metadata", {}))
    sandbox.store.put("setup_intent", setup)
    emit(sandbox, "setup_intent.created", setup)
    _choose_method(sandbox, setup=setup, values=values)
    return _confirm(sandbox, setup=setup) if values.get("confirm") else setup


def _choose_method(sandbox: Sandbox, *, setup: Json, values: Params) -> None:
    if values.get("payment_method_data"):
        setup["payment_method"] = create_payment_method(sandbox, values["payment_method_data"])["id"]
    elif values.get("payment_method"):
        setup["payment_method"] = find_method(sandbox, values["payment_method"])["id"]
    if setup["payment_method"]:
        setup["status"] = "requires_confirmation"
    sandbox.store.put("setup_intent", setup)


def confirm_setup(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    setup = sandbox.find("setup_intent", id, noun="setupintent")
    names = ("payment_method", "payment_method_data", "return_url", "use_stripe_sdk", "mandate_data")
    values = read(params, {**{name: SETUP[name] for name in names}, "client_secret": text})
    _choose_method(sandbox, setup=setup, values=values)
    return _confirm(sandbox, setup=setup)


def _confirm(sandbox: Sandbox, *, setup: Json) -> Json:
    """Cards that want a 3-D Secure step are refused here: the sandbox asks that question for payments only."""
    if setup["status"] != "requires_confirmation":
        raise ApiError(
            f"You cannot confirm this SetupIntent because it has a status of {setup['status']}.",
            code="setup_intent_unexpected_state",
        )
    method = sandbox.find("payment_method", setup["payment_method"], noun="PaymentMethod")
    card = get_card(method)
    decline = AUTHENTICATION if card.authentication == "always" else None if card.attach else card.decline
    if decline is not None:
        error = card_error(decline, payment_method=snapshot(method))
        setup.update(status="requires_payment_method", payment_method=None, last_setup_error=error.body)
        sandbox.store.put("setup_intent", setup)
        emit(sandbox, "setup_intent.setup_failed", setup)
        error.body = {**error.body, "setup_intent": snapshot(setup)}
        raise error
    method["_set_up"] = setup["usage"] == "off_session"
    if setup["customer"]:
        attach_method(sandbox, method=method, customer=setup["customer"])
    setup.update(status="succeeded", last_setup_error=None)
    emit(sandbox, "setup_intent.succeeded", setup)
    return sandbox.store.put("setup_intent", setup)


def cancel_setup(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    values = read(params, {"cancellation_reason": one_of("abandoned", "duplicate", "requested_by_customer")})
    setup = sandbox.find("setup_intent", id, noun="setupintent")
    if setup["status"] in ("succeeded", "canceled"):
        raise ApiError(
            f"You cannot cancel this SetupIntent because it has a status of {setup['status']}.",
            code="setup_intent_unexpected_state",
        )
    setup.update(status="canceled", cancellation_reason=values.get("cancellation_reason"))
    emit(sandbox, "setup_intent.canceled", setup)
    return sandbox.store.put("setup_intent", setup)


def retrieve_setup(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {"client_secret": text})
    return sandbox.find("setup_intent", id, noun="setupintent")


def list_setups(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(params, {"created": anything, "customer": text, "payment_method": text})
    found = filter_created(sandbox.store.newest("setup_intent"), wanted.get("created"))
    return list_page(filter_equal(found, wanted, "customer", "payment_method"), page=page, url="/v1/setup_intents")
