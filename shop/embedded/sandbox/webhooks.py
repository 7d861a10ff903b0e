"""Webhook endpoints, and the ways to send an event again."""

import random
import time
from collections.abc import Iterable

from shop.embedded.sandbox.events import add_delivery
from shop.embedded.sandbox.paging import list_page, read_page
from shop.embedded.sandbox.params import Params, Reader, boolean, merge_metadata, metadata, read, text, texts, url
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.account import shape_webhook_endpoint
from shop.embedded.sandbox.store import Json, make_id

CHANGES: dict[str, Reader] = {"description": text, "enabled_events": texts, "metadata": metadata, "url": url}


def register_endpoint(sandbox: Sandbox, *, url: str, secret: str) -> Json:
    """The endpoint given on the command line: made once; its secret and address are renewed at each start."""
    given = {"_secret": secret, "_is_given": True}
    with sandbox.store.transaction():
        for known in sandbox.store.every("webhook_endpoint"):
            if known["url"] == url or known.get("_is_given"):
                return sandbox.store.put("webhook_endpoint", {**known, "url": url, **given})
        endpoint = shape_webhook_endpoint(url=url, created=sandbox.clock.now(), events=["*"])
        return sandbox.store.put("webhook_endpoint", {**endpoint, **given})


def create_endpoint(sandbox: Sandbox, params: Params) -> Json:
    fields = {**CHANGES, "api_version": text, "connect": boolean}
    values = read(params, fields, required=("url", "enabled_events"))
    endpoint = shape_webhook_endpoint(url=values["url"], created=sandbox.clock.now(), events=values["enabled_events"])
    endpoint |= {"api_version": values.get("api_version"), "description": values.get("description")}
    endpoint["metadata"] = merge_metadata({}, values.get("metadata", {}))
    endpoint["_secret"] = make_id("whsec_", length=32)
    sandbox.store.put("webhook_endpoint", endpoint)
    # Stripe tells the secret at creation and never again.
    return {**endpoint, "secret": endpoint["_secret"]}


def update_endpoint(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    endpoint = sandbox.find("webhook_endpoint", id, noun="webhook endpoint")
    values = read(params, {**CHANGES, "disabled": boolean})
    if "disabled" in values:
        endpoint["status"] = "disabled" if values.pop("disabled") else "enabled"
    if "metadata" in values:
        values["metadata"] = merge_metadata(endpoint["metadata"], values["metadata"])
    endpoint.update(values)
    return sandbox.store.put("webhook_endpoint", endpoint)


def retrieve_endpoint(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return sandbox.find("webhook_endpoint", id, noun="webhook endpoint")


def delete_endpoint(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    sandbox.find("webhook_endpoint", id, noun="webhook endpoint")
    sandbox.store.remove("webhook_endpoint", id)
    return {"id": id, "object": "webhook_endpoint", "deleted": True}


def list_endpoints(sandbox: Sandbox, params: Params) -> Json:
    page, _ = read_page(params, {})
    return list_page(sandbox.store.newest("webhook_endpoint"), page=page, url="/v1/webhook_endpoints")


def resend_events(sandbox: Sandbox, *, ids: Iterable[str], times: int) -> list[str]:
    """Send events again to every enabled endpoint, whatever the switches say; the ids of the new deliveries."""
    made: list[str] = []
    for id in ids:
        event = sandbox.find("event", id, noun="event")
        for endpoint in sandbox.store.every("webhook_endpoint"):
            if endpoint["status"] == "enabled":
                for _ in range(times):
                    made.append(add_delivery(sandbox, event=event, endpoint=endpoint, status="pending")["id"])
    return made


def release_held(sandbox: Sandbox, *, order: str) -> list[str]:
    """Stop withholding; the ids of the held deliveries in the order in which they shall arrive.

    `order`: "created", "reverse" or "shuffle".
    """
    sandbox.switches.withhold = False
    held = [delivery for delivery in sandbox.store.every("delivery") if delivery["status"] == "held"]
    if order == "reverse":
        held.reverse()
    elif order == "shuffle":
        random.shuffle(held)
    for delivery in held:
        delivery.update(status="pending", due=time.time())
        sandbox.store.put("delivery", delivery)
    return [delivery["id"] for delivery in held]
