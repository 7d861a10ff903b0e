"""The pages people see: the hosted payment page and the bank's 3-D Secure question."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from shop.embedded.sandbox import element, hosted_page
from shop.embedded.sandbox.api import Answer, Request
from shop.embedded.sandbox.checkout import Problem, check_form, complete_if_paid, explain, get_success_url, pay_session
from shop.embedded.sandbox.confirmation import authenticate
from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.sessions import get_session
from shop.embedded.sandbox.store import Json

LONGEST_FIELD = 200


def answer_page(sandbox: Sandbox, request: Request) -> Answer:
    name = sandbox.settings.merchant_name
    script = element.find_script(request.path)
    if script is not None:
        return script
    pages = (
        ("/c/pay/", _answer_payment),
        ("/authenticate/", _answer_authentication),
        ("/elements/", element.answer_fields),
    )
    for prefix, act in pages:
        if request.path.startswith(prefix):
            return _act(sandbox, request, act, id=request.path.removeprefix(prefix).strip("/"))
    if request.path == "/":
        return _html(200, hosted_page.render_notice(name, title="Payment sandbox", text="No real money moves here."))
    return _missing(name)


def _act(sandbox: Sandbox, request: Request, act: Callable[..., Answer], *, id: str) -> Answer:
    try:
        with sandbox.store.transaction():
            sandbox.caller = {"id": request.id, "idempotency_key": None}
            answer = act(sandbox, request, id=id)
    except ApiError:
        answer = _missing(sandbox.settings.merchant_name)
    if sandbox.fresh:
        sandbox.after_commit()
    return answer


def _missing(name: str) -> Answer:
    text = "This payment page does not exist. Go back to the shop and start the payment again."
    return _html(404, hosted_page.render_notice(name, title="Page not found", text=text))


def _html(status: int, page: str) -> Answer:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": hosted_page.POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(status, page.encode(), headers)


def _see(url: str) -> Answer:
    return Answer(303, b"", {"Location": url, "Cache-Control": "no-store"})


def _read_form(request: Request) -> dict[str, str]:
    """The fields, cut to a length no honest answer has; a body that is no form reads as an empty one."""
    try:
        pairs = parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name: value[:LONGEST_FIELD] for name, value in pairs}


def _answer_payment(sandbox: Sandbox, request: Request, *, id: str) -> Answer:
    """Shown, paid, paid before, or too late."""
    session = get_session(sandbox, id)
    name = sandbox.settings.merchant_name
    if session["status"] == "complete":
        return _see(get_success_url(session))
    if session["status"] == "expired":
        return _html(410, hosted_page.render_expired(name, session=session))
    if request.method != "POST":
        problems = [Problem("", session["_message"])] if session["_message"] else []
        return _html(200, hosted_page.render_payment(name, session=session, form={}, problems=problems))
    form = _read_form(request)
    problems = check_form(form, session=session)
    status = 422
    if not problems:
        problem = pay_session(sandbox, session=session, form=form)
        problems, status = ([problem] if problem else []), 402
    if problems:
        return _html(status, hosted_page.render_payment(name, session=session, form=form, problems=problems))
    if session["status"] == "complete":
        return _see(get_success_url(session))
    intent = sandbox.find("payment_intent", session["payment_intent"], noun="payment_intent")
    return _see(intent["next_action"]["redirect_to_url"]["url"])


def _answer_authentication(sandbox: Sandbox, request: Request, *, id: str) -> Answer:
    intent = sandbox.find("payment_intent", id, noun="payment_intent")
    if ("secret", intent["client_secret"]) not in parse_qsl(request.query):
        return _missing(sandbox.settings.merchant_name)
    if intent["_session"]:
        get_session(sandbox, intent["_session"])
    if intent["status"] != "requires_action":
        return _leave(sandbox, intent=intent, failure=None)
    if request.method != "POST":
        return _html(200, hosted_page.render_question(sandbox.settings.merchant_name, intent=intent))
    answer = _read_form(request).get("answer")
    if answer not in ("approve", "refuse"):
        return _html(422, hosted_page.render_question(sandbox.settings.merchant_name, intent=intent))
    failure = None
    try:
        authenticate(sandbox, intent=intent, approved=answer == "approve")
    except ApiError as error:
        failure = explain(error).message
    if answer == "refuse":
        failure = "Your bank did not confirm this payment: it was refused in the security step. Try again or use another card."
    return _leave(sandbox, intent=intent, failure=failure)


def _leave(sandbox: Sandbox, *, intent: Json, failure: str | None) -> Answer:
    """Back to where the payment came from."""
    session = sandbox.store.get("checkout.session", intent["_session"] or "")
    if session is not None:
        if not complete_if_paid(sandbox, session=session) and failure:
            session["_message"] = failure
            sandbox.store.put("checkout.session", session)
        done = session["status"] == "complete" or session["ui_mode"] != "hosted_page"
        return _see(get_success_url(session) if done else f"{sandbox.settings.public_url}/c/pay/{session['id']}")
    paid = intent["status"] in ("succeeded", "requires_capture")
    if intent["_return_url"]:
        query = urlencode(
            {
                "payment_intent": intent["id"],
                "payment_intent_client_secret": intent["client_secret"],
                "redirect_status": "succeeded" if paid else "failed",
            }
        )
        return _see(f"{intent['_return_url']}{'&' if '?' in intent['_return_url'] else '?'}{query}")
    text = "The payment was approved. You can close this window." if paid else failure or "This payment has ended."
    return _html(200, hosted_page.render_notice(sandbox.settings.merchant_name, title="Security step", text=text))
