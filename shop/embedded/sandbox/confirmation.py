"""From confirmed to paid: what the card says, the 3-D Secure step, capture."""

from shop.embedded.sandbox.cards import AUTHENTICATION, Card, Decline
from shop.embedded.sandbox.charges import authorise, await_debit, dispute_if_asked, refuse, settle_later
from shop.embedded.sandbox.errors import ApiError, unexpected_state
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.params import Params
from shop.embedded.sandbox.payment_methods import attach_method, card_error, get_card
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.store import Json, show, snapshot

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def confirm(sandbox: Sandbox, *, intent: Json, values: Params) -> Json:
    """Try to pay. Raises the 402 of a refused card after recording it on the intent."""
    method = _choose_method(sandbox, intent)
    intent["_return_url"] = values.get("return_url")
    if intent["customer"] and method["customer"] not in (None, intent["customer"]):
        raise ApiError("The PaymentMethod belongs to another Customer than this PaymentIntent.", param="payment_method")
    if method["type"] == "sepa_debit":
        return _start_debit(sandbox, intent=intent, method=method)
    card = get_card(method)
    off_session = bool(values.get("off_session"))
    if _is_authentication_needed(card, method=method, off_session=off_session):
        if off_session or values.get("error_on_requires_action"):
            raise _record_decline(sandbox, intent=intent, method=method, decline=AUTHENTICATION, authenticated=False)
        return _ask_for_authentication(sandbox, intent=intent)
    return finish(sandbox, intent=intent, method=method, authenticated=False)


def _choose_method(sandbox: Sandbox, intent: Json) -> Json:
    if intent["status"] not in CONFIRMABLE:
        words = {
            "succeeded": "it has already succeeded after being previously confirmed",
            "canceled": "it has been canceled",
        }
        why = words.get(intent["status"], f"it has a status of {intent['status']}")
        raise unexpected_state(f"You cannot confirm this PaymentIntent because {why}.", payment_intent=show(intent))
    method = sandbox.store.get("payment_method", intent["payment_method"] or "")
    if method is None:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with"
            " a payment method and then confirm it again.",
            payment_intent=show(intent),
        )
    if method.get("_used"):
        raise ApiError(
            "The provided PaymentMethod was previously used without Customer attachment and may not be used again. To"
            " use a PaymentMethod multiple times, attach it to a Customer first."
        )
    return method


def _is_authentication_needed(card: Card, *, method: Json, off_session: bool) -> bool:
    if card.authentication == "first":
        return not method.get("_set_up")
    if card.authentication == "on_session":
        return not off_session
    return card.authentication == "always"


def _ask_for_authentication(sandbox: Sandbox, *, intent: Json) -> Json:
    url = f"{sandbox.settings.public_url}/authenticate/{intent['id']}?secret={intent['client_secret']}"
    return_url = intent["_return_url"]
    if return_url:
        intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
    else:
        intent["next_action"] = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url, "source": intent["payment_method"]},
        }
    intent.update(status="requires_action", last_payment_error=None)
    sandbox.store.put("payment_intent", intent)
    emit(sandbox, "payment_intent.requires_action", intent)
    return intent


def authenticate(sandbox: Sandbox, *, intent: Json, approved: bool) -> Json:
    """The shopper's answer to the bank's question. Raises the 402 when the card is refused after an approval."""
    if intent["status"] != "requires_action":
        raise unexpected_state(f"This payment does not wait for authentication: it is {intent['status']}.")
    method = sandbox.find("payment_method", intent["payment_method"], noun="PaymentMethod")
    if approved:
        return finish(sandbox, intent=intent, method=method, authenticated=True)
    message = (
        "We are unable to authenticate your payment method. Please choose a different payment method and try again."
    )
    error = ApiError(
        message, kind="invalid_request_error", code="payment_intent_authentication_failure", payment_method=show(method)
    )
    _back_to_method(sandbox, intent=intent, error=error.body, method=method)
    return intent


def finish(sandbox: Sandbox, *, intent: Json, method: Json, authenticated: bool) -> Json:
    """Ask the bank."""
    card = get_card(method)
    if card.decline is not None:
        raise _record_decline(sandbox, intent=intent, method=method, decline=card.decline, authenticated=authenticated)
    charge = authorise(sandbox, intent=intent, method=method, authenticated=authenticated)
    intent.update(latest_charge=charge["id"], next_action=None, last_payment_error=None)
    _keep_method(sandbox, intent=intent, method=method)
    if intent["capture_method"] == "manual":
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        emit(sandbox, "payment_intent.amount_capturable_updated", intent)
    else:
        intent.update(status="succeeded", amount_received=intent["amount"])
        emit(sandbox, "payment_intent.succeeded", intent)
        settle_later(sandbox, charge)
        dispute_if_asked(sandbox, charge=charge, method=method)
    return sandbox.store.put("payment_intent", intent)


def _keep_method(sandbox: Sandbox, *, intent: Json, method: Json) -> None:
    """With a customer and `setup_future_usage` the method stays; without a customer it can't be used again."""
    if intent["customer"] and intent["setup_future_usage"] and method["customer"] is None:
        method["_set_up"] = intent["setup_future_usage"] == "off_session"
        attach_method(sandbox, method=method, customer=intent["customer"])
    elif method["customer"] is None:
        method["_used"] = True
        sandbox.store.put("payment_method", method)


def _record_decline(sandbox: Sandbox, *, intent: Json, method: Json, decline: Decline, authenticated: bool) -> ApiError:
    charge = refuse(sandbox, intent=intent, method=method, decline=decline, authenticated=authenticated)
    intent["latest_charge"] = charge["id"]
    error = card_error(decline, charge=charge["id"], payment_method=snapshot(method))
    _back_to_method(sandbox, intent=intent, error=error.body, method=method)
    # The error carries the intent, the intent carries the error: the second copy must not hold the first.
    error.body = {**error.body, "payment_intent": snapshot(intent)}
    return error


def _back_to_method(sandbox: Sandbox, *, intent: Json, error: Json, method: Json) -> None:
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_payment_error=error,
    )
    sandbox.store.put("payment_intent", intent)
    emit(sandbox, "payment_intent.payment_failed", intent)


def _start_debit(sandbox: Sandbox, *, intent: Json, method: Json) -> Json:
    charge = await_debit(sandbox, intent=intent, method=method)
    intent.update(status="processing", latest_charge=charge["id"], next_action=None, last_payment_error=None)
    method["_used"] = method["customer"] is None
    sandbox.store.put("payment_method", method)
    sandbox.store.put("payment_intent", intent)
    emit(sandbox, "payment_intent.processing", intent)
    due = sandbox.clock.read() + sandbox.settings.settle_seconds
    sandbox.timers.set(due=due, action="finish_debit", target=intent["id"])
    return intent


def finish_debit(sandbox: Sandbox, intent: Json) -> bool:
    """The bank's late answer; True when the money came."""
    charge = sandbox.find("charge", intent["latest_charge"], noun="charge")
    method = sandbox.find("payment_method", intent["payment_method"], noun="PaymentMethod")
    if charge["_bounces"]:
        decline = Decline("debit_not_authorized", "debit_not_authorized", "The bank refused the debit.")
        charge.update(
            status="failed",
            captured=False,
            amount_captured=0,
            failure_code=decline.code,
            failure_message=decline.message,
        )
        sandbox.store.put("charge", charge)
        emit(sandbox, "charge.failed", charge)
        error = ApiError(decline.message, code=decline.code, charge=charge["id"], payment_method=snapshot(method))
        _back_to_method(sandbox, intent=intent, error=error.body, method=method)
        return False
    charge.update(status="succeeded", paid=True)
    intent.update(status="succeeded", amount_received=intent["amount"])
    sandbox.store.put("charge", charge)
    sandbox.store.put("payment_intent", intent)
    emit(sandbox, "charge.succeeded", charge)
    emit(sandbox, "payment_intent.succeeded", intent)
    settle_later(sandbox, charge)
    return True
