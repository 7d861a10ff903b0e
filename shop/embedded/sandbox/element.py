"""The card fields on a shop's own page: a stand-in for the provider's script, and the frame that it puts there.

`/js/stripe.js` offers what a shop calls of the official script (https://docs.stripe.com/js/custom_checkout):
`Stripe(key).initCheckoutElementsSdk({clientSecret})`, `createPaymentElement().mount()`, `loadActions()`, `confirm()`.
"""

import hmac
import json
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl

from shop.embedded.sandbox.api import Answer, Request
from shop.embedded.sandbox.checkout import check_form, get_success_url, pay_session
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.sessions import get_session

HERE = Path(__file__).parent
SCRIPTS = {
    "/js/stripe.js": (HERE / "element_parent.js").read_bytes(),
    "/js/fields.js": (HERE / "element_fields.js").read_bytes(),
}
# Shown inside a page of the shop, whichever that is.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none';"
    " form-action 'none'"
)
FIELDS = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Card</title>'
    '<meta name="color-scheme" content="light dark"><script type="module" src="/js/fields.js"></script>'
    "<style>body{margin:0;font:16px/1.4 system-ui}label{display:block;margin-block-end:12px}"
    "input{box-sizing:border-box;inline-size:100%;margin-block-start:4px;padding:10px;font:inherit}"
    "input{border:1px solid #888;border-radius:4px}"
    "div{display:grid;grid-template-columns:1fr 1fr;gap:12px}</style></head><body><form>"
    '<label>Card number<input id="number" name="number" inputmode="numeric" autocomplete="cc-number"></label><div>'
    '<label>Expiry<input id="expiry" name="expiry" placeholder="MM / YY" autocomplete="cc-exp"></label>'
    '<label>Security code<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc"></label></div>'
    "</form></body></html>"
)


def find_script(path: str) -> Answer | None:
    content = SCRIPTS.get(path)
    if content is None:
        return None
    return Answer(200, content, {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"})


def answer_fields(sandbox: Sandbox, request: Request, *, id: str) -> Answer:
    """GET: the fields. POST: one attempt to pay; JSON with where to go on, or with a sentence."""
    session = get_session(sandbox, id)
    secret = parse_qs(request.query).get("secret", [""])[0]
    if session["ui_mode"] != "elements" or not hmac.compare_digest(secret.encode(), session["client_secret"].encode()):
        return _say(404, {"message": "This payment does not exist."})
    if request.method != "POST":
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-store",
        }
        return Answer(200, FIELDS.encode(), headers)
    if session["status"] == "expired":
        return _say(410, {"message": "The time to pay is over."})
    if session["status"] == "open":
        form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True, max_num_fields=10))
        problems = check_form(form, session=session)
        problem = problems[0] if problems else pay_session(sandbox, session=session, form=form)
        if problem is not None:
            return _say(402, {"message": problem.message})
    if session["status"] == "complete":
        return _say(200, {"url": get_success_url(session)})
    intent = sandbox.find("payment_intent", session["payment_intent"], noun="payment_intent")
    return _say(200, {"url": intent["next_action"]["redirect_to_url"]["url"]})


def _say(status: int, words: dict[str, str]) -> Answer:
    return Answer(status, json.dumps(words).encode(), {"Content-Type": "application/json", "Cache-Control": "no-store"})
