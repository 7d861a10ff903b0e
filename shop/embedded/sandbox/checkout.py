"""Paying a Checkout Session: what its hosted page does when the shopper presses the button."""

import re
from dataclasses import dataclass

from shop.embedded.sandbox.confirmation import confirm
from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.params import Params
from shop.embedded.sandbox.payment_methods import create_payment_method
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.checkout import shape_customer_details
from shop.embedded.sandbox.shapes.payments import shape_payment_intent
from shop.embedded.sandbox.store import Json

PAID_ENOUGH = ("succeeded", "requires_capture", "processing")


@dataclass(frozen=True)
class Problem:
    """A sentence for the shopper and the field it is about ("" for the whole form)."""

    field: str
    message: str


def check_form(form: dict[str, str], *, session: Json) -> list[Problem]:
    """What is missing before a bank need be asked."""
    problems = []
    if not session["customer_email"] and not session["customer"] and not _is_email(form.get("email", "")):
        problems.append(Problem("email", "Enter your e-mail address, like name@example.com."))
    if choose_kind(form, session=session) == "sepa_debit":
        if not form.get("iban", "").strip():
            problems.append(Problem("iban", "Enter the IBAN of your bank account."))
        return problems
    if not re.sub(r"[ -]", "", form.get("number", "")):
        problems.append(Problem("number", "Enter the card number."))
    if read_expiry(form.get("expiry", "")) is None:
        problems.append(Problem("expiry", "Enter the month and year on the card, like 12 / 34."))
    if not form.get("cvc", "").strip():
        problems.append(Problem("cvc", "Enter the security code: three digits, or four with American Express."))
    return problems


def _is_email(given: str) -> bool:
    return re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", given.strip()) is not None


def read_expiry(given: str) -> tuple[int, int] | None:
    """`12 / 34`, `12/2034`, `1234` → (12, 2034)."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*[/. -]?\s*(?:20)?(\d{2})\s*", given, flags=re.ASCII)
    return (int(match[1]), 2000 + int(match[2])) if match else None


def choose_kind(form: dict[str, str], *, session: Json) -> str:
    types = session["payment_method_types"]
    return form.get("method", types[0]) if form.get("method") in types else str(types[0])


def pay_session(sandbox: Sandbox, *, session: Json, form: dict[str, str]) -> Problem | None:
    """One attempt. Afterwards the session is complete, or its intent waits for authentication, or a Problem says why."""
    session["_message"] = None
    try:
        method = create_payment_method(sandbox, _describe_method(form, session=session))
        intent = _open_intent(sandbox, session=session)
        intent.update(payment_method=method["id"], status="requires_confirmation")
        _remember_shopper(sandbox, session=session, form=form)
        confirm(sandbox, intent=intent, values={"return_url": f"{sandbox.settings.public_url}/c/pay/{session['id']}"})
    except ApiError as error:
        return explain(error)
    finally:
        sandbox.store.put("checkout.session", session)
    complete_if_paid(sandbox, session=session)
    return None


def explain(error: ApiError) -> Problem:
    fields = {
        "incorrect_number": "number",
        "invalid_expiry_month": "expiry",
        "invalid_expiry_year": "expiry",
        "expired_card": "expiry",
        "invalid_cvc": "cvc",
        "incorrect_cvc": "cvc",
        "invalid_bank_account_iban": "iban",
    }
    code = str(error.body.get("code"))
    message = str(error.body["message"]).split(" Your request was in test mode")[0]
    if code == "card_declined":
        message = f"{message} Try a different card."
    if error.body.get("decline_code") == "test_mode_live_card":
        message = "This is a sandbox: real cards are refused. Use one of the test cards below."
    return Problem(fields.get(code, ""), message)


def _describe_method(form: dict[str, str], *, session: Json) -> Params:
    email = session["customer_email"] or form.get("email", "").strip() or None
    billing = {"name": form.get("name", "").strip() or None, "email": email}
    if choose_kind(form, session=session) == "sepa_debit":
        return {"type": "sepa_debit", "sepa_debit": {"iban": form.get("iban", "")}, "billing_details": billing}
    month, year = read_expiry(form.get("expiry", "")) or (0, 0)
    card = {"number": form.get("number", ""), "exp_month": month, "exp_year": year, "cvc": form.get("cvc", "").strip()}
    return {"type": "card", "card": card, "billing_details": billing}


def _open_intent(sandbox: Sandbox, *, session: Json) -> Json:
    """Since API version 2022-08-01 a session has no payment intent before somebody tries to pay."""
    known = sandbox.store.get("payment_intent", session["payment_intent"] or "")
    if known is not None:
        return known
    intent = shape_payment_intent(
        amount=session["amount_total"], currency=session["currency"], created=sandbox.clock.now()
    )
    given = session["_intent_data"]
    intent |= {name: value for name, value in given.items() if value}
    intent.update(
        _session=session["id"],
        customer=session["customer"],
        payment_method_types=session["payment_method_types"],
        metadata=dict(given.get("metadata", {})),
        _multicapture=session.get("_multicapture", False),
    )
    session["payment_intent"] = intent["id"]
    sandbox.store.put("payment_intent", intent)
    emit(sandbox, "payment_intent.created", intent)
    return intent


def _remember_shopper(sandbox: Sandbox, *, session: Json, form: dict[str, str]) -> None:
    known = session["customer_details"] or {}
    session["customer_details"] = shape_customer_details(
        email=known.get("email") or form.get("email", "").strip() or None,
        name=form.get("name", "").strip() or known.get("name"),
    )


def complete_if_paid(sandbox: Sandbox, *, session: Json) -> bool:
    """Close the session once its intent is paid, authorised or on its way; says so with one event."""
    intent = sandbox.store.get("payment_intent", session["payment_intent"] or "")
    if session["status"] != "open" or intent is None or intent["status"] not in PAID_ENOUGH:
        return False
    # Money that is only authorised or promised is not paid: payment_status says so until it is there.
    paid = intent["status"] == "succeeded"
    session.update(status="complete", url=None, payment_status="paid" if paid else "unpaid", _message=None)
    sandbox.store.put("checkout.session", session)
    emit(sandbox, "checkout.session.completed", session)
    return True


def follow_late_payment(sandbox: Sandbox, *, intent: Json, succeeded: bool) -> None:
    """The session of a debit that the bank answered later."""
    session = sandbox.store.get("checkout.session", intent["_session"] or "")
    if session is None:
        return
    if succeeded:
        session["payment_status"] = "paid"
    sandbox.store.put("checkout.session", session)
    emit(sandbox, f"checkout.session.async_payment_{'succeeded' if succeeded else 'failed'}", session)


def get_success_url(session: Json) -> str:
    url = session["success_url"] or session["return_url"] or ""
    return str(url).replace("{CHECKOUT_SESSION_ID}", session["id"])
