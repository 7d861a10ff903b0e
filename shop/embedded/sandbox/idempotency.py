"""Idempotency keys as Stripe keeps them (https://docs.stripe.com/api/idempotent_requests).

The first answer to a key, a 500 included, is saved in the same transaction as its effects and repeated to everyone who
comes with the same key and the same parameters, for 24 hours by the sandbox clock.
"""

import hashlib
import json
from dataclasses import dataclass

from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.params import Params
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.store import Json

KEPT_SECONDS = 24 * 3600
LONGEST_KEY = 255


@dataclass(frozen=True)
class Saved:
    status: int
    body: str
    request: str


def fingerprint(*, method: str, path: str, params: Params) -> str:
    return hashlib.sha256(json.dumps([method, path, params], sort_keys=True).encode()).hexdigest()


def claim_key(sandbox: Sandbox, *, key: str, path: str, print: str) -> Saved | None:
    """The saved answer, or None when the caller may execute; it must then call `release_key`."""
    if len(key) > LONGEST_KEY:
        raise ApiError(
            f"Idempotency keys must be at most {LONGEST_KEY} characters long.",
            kind="idempotency_error",
            saved=False,
        )
    with sandbox.store.lock:
        record = sandbox.store.get("idempotency_key", key)
        if record is not None and record["created"] + KEPT_SECONDS > sandbox.clock.now():
            _refuse_other_use(record, key=key, path=path, print=print)
            return Saved(record["status"], record["body"], record["request"])
        if key in sandbox.keys_in_use:
            raise ApiError(
                "There is currently another in-progress request using this Idempotent Key (that probably means you"
                f" submitted twice, and the other request is still going through): {key}.",
                status=409,
                code="idempotency_key_in_use",
                saved=False,
            )
        sandbox.keys_in_use.add(key)
    return None


def _refuse_other_use(record: Json, *, key: str, path: str, print: str) -> None:
    if record["path"] != path:
        raise ApiError(
            f"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{path}' vs"
            f" '{record['path']}'). Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
            saved=False,
        )
    if record["print"] != print:
        raise ApiError(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try"
            f" using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
            saved=False,
        )


def save_answer(sandbox: Sandbox, *, key: str, path: str, print: str, saved: Saved) -> None:
    """Inside the transaction that holds the effects."""
    sandbox.store.put(
        "idempotency_key",
        {
            "id": key,
            "created": sandbox.clock.now(),
            "path": path,
            "print": print,
            "status": saved.status,
            "body": saved.body,
            "request": saved.request,
        },
    )


def release_key(sandbox: Sandbox, key: str) -> None:
    with sandbox.store.lock:
        sandbox.keys_in_use.discard(key)
