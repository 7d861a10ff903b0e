"""Events: what happened, kept for the API and handed to the webhook endpoints in the same transaction."""

import time
from typing import Any

from shop.embedded.sandbox.paging import filter_created, list_page, read_page
from shop.embedded.sandbox.params import Params, anything, boolean, read, text, texts
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.account import shape_event
from shop.embedded.sandbox.store import Json, make_id, snapshot


def emit(sandbox: Sandbox, kind: str, thing: Json, *, previous: dict[str, Any] | None = None) -> Json:
    """Write the event with a copy of the object as it is now, and a delivery for each endpoint that wants it."""
    event = shape_event(
        kind=kind, thing=snapshot(thing), created=sandbox.clock.now(), request=dict(sandbox.caller), previous=previous
    )
    sandbox.store.put("event", event)
    for endpoint in sandbox.store.every("webhook_endpoint"):
        wanted = endpoint["enabled_events"]
        if endpoint["status"] == "enabled" and ("*" in wanted or kind in wanted):
            _plan_deliveries(sandbox, event=event, endpoint=endpoint)
    return event


def _plan_deliveries(sandbox: Sandbox, *, event: Json, endpoint: Json) -> None:
    switches = sandbox.switches
    if switches.is_dropping(event["type"]):
        add_delivery(sandbox, event=event, endpoint=endpoint, status="dropped")
        return
    status = "held" if switches.withhold else "pending"
    for _ in range(1 + switches.duplicate):
        add_delivery(sandbox, event=event, endpoint=endpoint, status=status, wait=switches.choose_wait())


def add_delivery(sandbox: Sandbox, *, event: Json, endpoint: Json, status: str, wait: float = 0.0) -> Json:
    """A delivery to be made `wait` real seconds from now."""
    delivery = {
        "id": make_id("dlv_", length=12),
        "event": event["id"],
        "type": event["type"],
        "endpoint": endpoint["id"],
        "status": status,
        "attempts": 0,
        "due": time.time() + wait,
        "answer": None,
    }
    event.setdefault("_deliveries", []).append(delivery["id"])
    sandbox.store.put("event", event)
    if status == "pending":
        sandbox.fresh.append((delivery["due"], delivery["id"]))
    return sandbox.store.put("delivery", delivery)


def present_event(sandbox: Sandbox, event: Json) -> Json:
    """The event with the number of endpoints that have not answered 2xx yet."""
    waiting = {
        delivery["endpoint"]
        for delivery in (sandbox.store.get("delivery", id) for id in event.get("_deliveries", []))
        if delivery is not None and delivery["status"] in ("pending", "held")
    }
    return {**event, "pending_webhooks": len(waiting)}


def is_delivered(sandbox: Sandbox, event: Json) -> bool:
    """Whether each endpoint that wanted the event has answered 2xx at least once."""
    wanted: dict[str, bool] = {}
    for id in event.get("_deliveries", []):
        delivery = sandbox.store.get("delivery", id)
        if delivery is not None:
            endpoint = delivery["endpoint"]
            wanted[endpoint] = wanted.get(endpoint, False) or delivery["status"] == "delivered"
    return all(wanted.values())


def retrieve_event(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return present_event(sandbox, sandbox.find("event", id, noun="event"))


def list_events(sandbox: Sandbox, params: Params) -> Json:
    """Filters `type` (a `*` at its end matches any rest), `types`, `created` and `delivery_success`."""
    page, wanted = read_page(params, {"type": text, "types": texts, "created": anything, "delivery_success": boolean})
    kinds = wanted.get("types") or ([wanted["type"]] if wanted.get("type") else [])
    success = wanted.get("delivery_success")

    def is_wanted(event: Json) -> bool:
        if kinds and not any(_is_kind(event["type"], kind) for kind in kinds):
            return False
        return success is None or is_delivered(sandbox, event) == success

    found = filter_created(sandbox.store.newest("event"), wanted.get("created"))
    result = list_page((event for event in found if is_wanted(event)), page=page, url="/v1/events")
    result["data"] = [present_event(sandbox, event) for event in result["data"]]
    return result


def _is_kind(kind: str, pattern: str) -> bool:
    return kind.startswith(pattern[:-1]) if pattern.endswith("*") else kind == pattern
