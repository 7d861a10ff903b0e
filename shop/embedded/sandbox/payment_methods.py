"""Payment methods: cards (and SEPA debit accounts), kept on customers or used once."""

import time
from typing import Any

from shop.embedded.sandbox.cards import NAMED_METHODS, WRONG_NUMBER, Card, Decline, find_card
from shop.embedded.sandbox.debits import shape_debit
from shop.embedded.sandbox.errors import ApiError, invalid_parameter, missing_parameter, missing_resource, not_modelled
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.paging import filter_equal, list_page, read_page
from shop.embedded.sandbox.params import Params, Reader, integer, merge_metadata, metadata, one_of, read, table, text
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.payments import shape_card, shape_payment_method
from shop.embedded.sandbox.store import Json

TOKENS = {"tok_visa": "pm_card_visa", "tok_mastercard": "pm_card_mastercard", "tok_amex": "pm_card_amex"}

CREATE: dict[str, Reader] = {
    "type": one_of("card", "sepa_debit"),
    "card": table,
    "sepa_debit": table,
    "billing_details": table,
    "metadata": metadata,
    "allow_redisplay": one_of("always", "limited", "unspecified"),
}


def card_error(decline: Decline, *, status: int = 402, **details: Any) -> ApiError:
    return ApiError(
        decline.message,
        status=status,
        kind="card_error",
        code=decline.code,
        decline_code=decline.decline_code if decline.code != "incorrect_number" else None,
        **details,
    )


def create_payment_method(sandbox: Sandbox, params: Params) -> Json:
    values = read(params, CREATE, required=("type",))
    kind = values["type"]
    if kind not in values:
        raise missing_parameter(kind)
    if kind == "sepa_debit":
        details, number = shape_debit(values["sepa_debit"]), ""
    else:
        details, number = _read_card(values["card"])
    method = shape_payment_method(
        kind=kind, details=details, billing=values.get("billing_details"), created=sandbox.clock.now()
    )
    method["metadata"] = merge_metadata({}, values.get("metadata", {}))
    method["allow_redisplay"] = values.get("allow_redisplay") or "unspecified"
    method["_number"] = number
    return sandbox.store.put("payment_method", method)


def _read_card(given: Params) -> tuple[Json, str]:
    """The card shape and the test number, checked as Stripe checks a card before it becomes a payment method."""
    if "token" in given:
        name = TOKENS.get(str(given["token"]))
        if name is None:
            raise missing_resource(noun="token", id=str(given["token"]), param="card[token]", status=400)
        return shape_card(find_card(NAMED_METHODS[name]), month=12, year=2034, cvc_checked=True), NAMED_METHODS[name]
    fields: dict[str, Reader] = {"number": text, "exp_month": integer, "exp_year": integer, "cvc": text}
    values = read(given, fields, required=("number", "exp_month", "exp_year"))
    number = "".join(mark for mark in values["number"] if mark not in " -")
    card = find_card(number)
    if card.decline is WRONG_NUMBER:
        raise card_error(WRONG_NUMBER, param="number")
    if card.decline is not None and card.decline.decline_code == "test_mode_live_card":
        raise card_error(card.decline, param="")
    check_expiry(month=values["exp_month"], year=values["exp_year"])
    cvc = values.get("cvc")
    if cvc is not None and not (cvc.isdecimal() and len(cvc) == (4 if card.brand == "amex" else 3)):
        raise ApiError(
            "Your card's security code is invalid.", status=402, kind="card_error", code="invalid_cvc", param="cvc"
        )
    year = values["exp_year"] + (2000 if values["exp_year"] < 100 else 0)
    return shape_card(card, month=values["exp_month"], year=year, cvc_checked=cvc is not None), number


def check_expiry(*, month: int, year: int) -> None:
    """Judged by the machine's own date: a turned sandbox clock must not make the test cards expire."""
    today = time.gmtime()
    year += 2000 if year < 100 else 0
    if not 1 <= month <= 12:
        raise ApiError(
            "Your card's expiration month is invalid.",
            status=402,
            kind="card_error",
            code="invalid_expiry_month",
            param="exp_month",
        )
    if (year, month) < (today.tm_year, today.tm_mon) or year > today.tm_year + 50:
        raise ApiError(
            "Your card's expiration year is invalid.",
            status=402,
            kind="card_error",
            code="invalid_expiry_year",
            param="exp_year",
        )


def find_method(sandbox: Sandbox, id: str, *, param: str = "payment_method") -> Json:
    """A payment method by id; each use of a `pm_card_*` name makes a fresh one, as Stripe does."""
    number = NAMED_METHODS.get(id)
    if number is not None:
        details = shape_card(find_card(number), month=12, year=2034, cvc_checked=True)
        method = shape_payment_method(kind="card", details=details, billing=None, created=sandbox.clock.now())
        return sandbox.store.put("payment_method", {**method, "_number": number})
    method_or_none = sandbox.store.get("payment_method", id)
    if method_or_none is None:
        raise missing_resource(noun="PaymentMethod", id=id, param=param, status=400)
    return method_or_none


def get_card(method: Json) -> Card:
    return find_card(method["_number"])


def retrieve_payment_method(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    if id in NAMED_METHODS:
        return find_method(sandbox, id)
    return sandbox.find("payment_method", id, noun="PaymentMethod", param="payment_method")


def update_payment_method(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    method = sandbox.find("payment_method", id, noun="PaymentMethod", param="payment_method")
    values = read(params, {"metadata": metadata, "billing_details": table, "allow_redisplay": text})
    if "metadata" in values:
        values["metadata"] = merge_metadata(method["metadata"], values["metadata"])
    if "billing_details" in values:
        values["billing_details"] = {**method["billing_details"], **values["billing_details"]}
    method.update(values)
    emit(sandbox, "payment_method.updated", method)
    return sandbox.store.put("payment_method", method)


def attach_payment_method(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    customer = read(params, {"customer": text}, required=("customer",))["customer"]
    sandbox.find("customer", customer, noun="customer", param="customer", status=400)
    method = find_method(sandbox, id)
    if method["customer"] not in (None, customer):
        raise ApiError("The payment method you provided has already been attached to a customer.")
    if method.get("_used"):
        raise ApiError(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a"
            " Customer, and may not be used again."
        )
    if method["type"] == "card":
        card = get_card(method)
        if not card.attach and card.decline is not None:
            raise card_error(card.decline)
    return attach_method(sandbox, method=method, customer=customer)


def attach_method(sandbox: Sandbox, *, method: Json, customer: str) -> Json:
    method["customer"] = customer
    sandbox.store.put("payment_method", method)
    emit(sandbox, "payment_method.attached", method)
    return method


def detach_payment_method(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    method = sandbox.find("payment_method", id, noun="PaymentMethod", param="payment_method")
    if method["customer"] is None:
        raise invalid_parameter(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    method.update(customer=None, _used=True)
    emit(sandbox, "payment_method.detached", method)
    return sandbox.store.put("payment_method", method)


def list_payment_methods(sandbox: Sandbox, params: Params, *, customer: str | None = None) -> Json:
    """Only those kept on a customer, as at Stripe: a method used once is never listed."""
    page, wanted = read_page(params, {"customer": text, "type": text, "allow_redisplay": text})
    if customer is not None:
        wanted["customer"] = sandbox.find("customer", customer, noun="customer")["id"]
    elif "customer" not in wanted:
        raise not_modelled("listing payment methods without a customer.", param="customer")
    found = filter_equal(sandbox.store.newest("payment_method"), wanted, "customer", "type", "allow_redisplay")
    return list_page(found, page=page, url="/v1/payment_methods")


def list_customer_methods(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    return list_payment_methods(sandbox, params, customer=id)
