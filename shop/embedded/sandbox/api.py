"""One request to `/v1/...`: who asks, faults, idempotency, the endpoint, the answer."""

import base64
import binascii
import json
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.expanding import expand, read_expand
from shop.embedded.sandbox.faults import Fault
from shop.embedded.sandbox.idempotency import Saved, claim_key, fingerprint, release_key, save_answer
from shop.embedded.sandbox.params import Params, decode_form
from shop.embedded.sandbox.routes import Endpoint, find_endpoint
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.account import API_VERSION
from shop.embedded.sandbox.store import make_id


@dataclass
class Answer:
    """`hang_up`: "" to send it; "silent" to say nothing for `hold` seconds and close; "reset" to break the connection."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: str = ""
    hold: float = 0.0


@dataclass
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str] | Message
    body: bytes
    id: str = field(default_factory=lambda: make_id("req_", length=14))


def answer_request(sandbox: Sandbox, request: Request) -> Answer:
    trouble = sandbox.faults.meet(method=request.method, path=request.path)
    fault = trouble.fault
    if fault is not None and fault.kind == "reset":
        return Answer(0, b"", hang_up="reset")
    try:
        check_key(request.headers.get("Authorization", ""))
        answer = _run_once(sandbox, request, seconds=trouble.seconds, fault=fault)
    except ApiError as error:
        answer = _say(request, error.status, _dump_error(error, request))
    if fault is not None and fault.kind == "timeout":
        answer.hang_up, answer.hold = "silent", fault.seconds
    elif fault is not None and fault.kind == "malformed":
        answer.body = answer.body[: max(len(answer.body) // 2, 1)]
    return answer


def check_key(header: str) -> None:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    if not value.strip():
        raise ApiError("You did not provide an API key in the Authorization header.", status=401, saved=False)
    if not value.startswith(("sk_test_", "rk_test_")):
        shown = f"{value[:8]}***"
        raise ApiError(
            f"Invalid API Key provided: {shown}. The payment sandbox takes any key that starts with sk_test_.",
            status=401,
            saved=False,
        )


def _run_once(sandbox: Sandbox, request: Request, *, seconds: float, fault: Fault | None) -> Answer:
    """Execute, or repeat the answer that the request's idempotency key remembers."""
    params = decode_form(request.query)
    if request.method == "POST":
        params |= decode_form(_decode(request.body))
    key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
    if not key:
        time.sleep(seconds)
        return _run(sandbox, request, params=params, key="", print="", fault=fault)
    print = fingerprint(method=request.method, path=request.path, params=params)
    saved = claim_key(sandbox, key=key, path=request.path, print=print)
    if saved is not None:
        time.sleep(seconds)
        answer = _say(request, saved.status, saved.body)
        answer.headers |= {"Idempotent-Replayed": "true", "Original-Request": saved.request, "Idempotency-Key": key}
        return answer
    try:
        time.sleep(seconds)
        return _run(sandbox, request, params=params, key=key, print=print, fault=fault)
    finally:
        release_key(sandbox, key)


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ApiError("The request body is not valid UTF-8.", saved=False) from None


def _run(sandbox: Sandbox, request: Request, *, params: Params, key: str, print: str, fault: Fault | None) -> Answer:
    if fault is not None and fault.kind == "rate_limit":
        raise ApiError(
            "Request rate limit exceeded. You can retry in a moment.", status=429, code="rate_limit", saved=False
        )
    failing = fault is not None and fault.kind == "error"
    endpoint, ids = find_endpoint(method=request.method, path=request.path)
    with sandbox.store.transaction():
        sandbox.caller = {"id": request.id, "idempotency_key": key or None}
        remembered = True
        if failing and fault is not None and not fault.executed:
            status, body = 500, ""
        else:
            status, body, remembered = _execute(sandbox, request, endpoint=endpoint, ids=ids, params=params)
        if failing and fault is not None:
            status, body, remembered = 500, _dump_error(_internal_error(), request), fault.saved
        if key and remembered:
            saved = Saved(status, body, request.id)
            save_answer(sandbox, key=key, path=request.path, print=print, saved=saved)
    if sandbox.fresh:
        sandbox.after_commit()
    answer = _say(request, status, body)
    if key:
        answer.headers["Idempotency-Key"] = key
    return answer


def _execute(
    sandbox: Sandbox, request: Request, *, endpoint: Endpoint, ids: dict[str, str], params: dict[str, Any]
) -> tuple[int, str, bool]:
    """Status, body, and whether an idempotency key remembers them."""
    try:
        paths = read_expand(params)
        thing = endpoint(sandbox, params, **ids)
        return 200, json.dumps(expand(sandbox, thing, paths), indent=2), True
    except ApiError as error:
        return error.status, _dump_error(error, request), error.saved
    except Exception:
        traceback.print_exc()
        return 500, _dump_error(_internal_error(), request), True


def _internal_error() -> ApiError:
    return ApiError("An unknown error occurred", status=500, kind="api_error")


def _dump_error(error: ApiError, request: Request) -> str:
    link = f"https://dashboard.stripe.com/test/logs/{request.id}"
    return json.dumps({"error": {**error.body, "request_log_url": link}}, indent=2)


def _say(request: Request, status: int, body: str) -> Answer:
    headers = {
        "Content-Type": "application/json",
        "Request-Id": request.id,
        "Stripe-Version": request.headers.get("Stripe-Version", API_VERSION),
    }
    return Answer(status, body.encode(), headers)
