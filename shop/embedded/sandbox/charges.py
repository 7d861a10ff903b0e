"""Charges: the authorised, captured, refused or bouncing movements behind a payment intent."""

from shop.embedded.sandbox.cards import Decline
from shop.embedded.sandbox.debits import will_bounce
from shop.embedded.sandbox.disputes import open_dispute
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.ledger import post_charge
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import Params, anything, merge_metadata, metadata, read, table, text
from shop.embedded.sandbox.payment_methods import get_card
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.payments import shape_card_payment, shape_charge
from shop.embedded.sandbox.store import Json

# Visa, Mastercard, Amex and Discover online: docs.stripe.com "Place a hold on a payment method".
AUTHORISATION_SECONDS = 7 * 86_400
# docs.stripe.com "Capture a payment multiple times"; the account is one that may.
MULTICAPTURE_BRANDS = ("amex", "discover", "mastercard", "visa")


def authorise(sandbox: Sandbox, *, intent: Json, method: Json, authenticated: bool) -> Json:
    """A new charge that the bank allowed, captured at once unless the intent's `capture_method` is manual."""
    now = sandbox.clock.now()
    manual = intent["capture_method"] == "manual"
    charge = shape_charge(intent, method=method, created=now, captured=not manual)
    _describe_card(
        charge,
        method=method,
        capture_before=now + AUTHORISATION_SECONDS if manual else None,
        authenticated=authenticated,
    )
    if manual and intent.get("_multicapture"):
        card = charge["payment_method_details"]["card"]
        card["multicapture"]["status"] = "available" if card["brand"] in MULTICAPTURE_BRANDS else "unavailable"
    sandbox.store.put("charge", charge)
    if manual:
        sandbox.timers.set(due=now + AUTHORISATION_SECONDS, action="expire_authorisation", target=intent["id"])
    elif intent["capture_method"] == "automatic":
        charge["balance_transaction"] = post_charge(sandbox, charge)
    emit(sandbox, "charge.succeeded", charge)
    return charge


def settle_later(sandbox: Sandbox, charge: Json) -> None:
    """With `automatic_async`, Stripe's default, the balance transaction follows a moment after the charge."""
    if charge["balance_transaction"] is None:
        due = sandbox.clock.read() + sandbox.settings.settle_seconds
        sandbox.timers.set(due=due, action="settle_charge", target=charge["id"])


def settle_charge(sandbox: Sandbox, charge: Json) -> None:
    if charge["balance_transaction"] is None and charge["captured"]:
        charge["balance_transaction"] = post_charge(sandbox, charge)
        sandbox.store.put("charge", charge)
        emit(sandbox, "charge.updated", charge, previous={"balance_transaction": None})


def dispute_if_asked(sandbox: Sandbox, *, charge: Json, method: Json) -> None:
    """Some test cards dispute every captured charge."""
    card = get_card(method) if method["type"] == "card" else None
    if card is not None and card.dispute and charge["captured"]:
        settle_charge(sandbox, charge)
        open_dispute(sandbox, charge=charge, reason=card.dispute, inquiry=card.inquiry)


def refuse(sandbox: Sandbox, *, intent: Json, method: Json, decline: Decline, authenticated: bool) -> Json:
    """A new charge that the bank refused."""
    charge = shape_charge(intent, method=method, created=sandbox.clock.now(), captured=False)
    _describe_card(charge, method=method, capture_before=None, authenticated=authenticated)
    blocked = decline.decline_code == "fraudulent"
    charge.update(paid=False, status="failed", failure_code=decline.code, failure_message=decline.message)
    charge["outcome"].update(
        network_status="not_sent_to_network" if blocked else "declined_by_network",
        network_decline_code=None if blocked else "05",
        reason="highest_risk_level" if blocked else decline.decline_code,
        risk_level="highest" if blocked else "normal",
        risk_score=85 if blocked else 12,
        seller_message="Stripe blocked this payment as too risky."
        if blocked
        else f"The bank returned the decline code `{decline.decline_code}`.",
        type="blocked" if blocked else "issuer_declined",
    )
    sandbox.store.put("charge", charge)
    emit(sandbox, "charge.failed", charge)
    return charge


def await_debit(sandbox: Sandbox, *, intent: Json, method: Json) -> Json:
    """A new charge on a bank account: pending until the bank answers."""
    charge = shape_charge(intent, method=method, created=sandbox.clock.now(), captured=True)
    charge.update(status="pending", paid=False, amount_captured=intent["amount"])
    charge["payment_method_details"]["sepa_debit"] = {**method["sepa_debit"], "mandate": None}
    charge["payment_method_details"]["sepa_debit"].pop("generated_from")
    charge["_bounces"] = will_bounce(method)
    sandbox.store.put("charge", charge)
    emit(sandbox, "charge.pending", charge)
    return charge


def _describe_card(charge: Json, *, method: Json, capture_before: int | None, authenticated: bool) -> None:
    secure = {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": charge["id"].replace("ch_", "3ds_"),
        "version": "2.2.0",
    }
    charge["payment_method_details"]["card"] = shape_card_payment(
        method,
        amount=charge["amount"],
        capture_before=capture_before,
        three_d_secure=secure if authenticated else None,
    )


def retrieve_charge(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return sandbox.find("charge", id, noun="charge")


def update_charge(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    charge = sandbox.find("charge", id, noun="charge")
    values = read(
        params,
        {"description": text, "metadata": metadata, "receipt_email": text, "shipping": table, "fraud_details": table},
    )
    if "metadata" in values:
        values["metadata"] = merge_metadata(charge["metadata"], values["metadata"])
    charge.update(values)
    emit(sandbox, "charge.updated", charge)
    return sandbox.store.put("charge", charge)


def list_charges(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(
        params, {"created": anything, "customer": text, "payment_intent": text, "transfer_group": text}
    )
    found = filter_created(sandbox.store.newest("charge"), wanted.get("created"))
    matching = filter_equal(found, wanted, "customer", "payment_intent", "transfer_group")
    return list_page(matching, page=page, url="/v1/charges")
