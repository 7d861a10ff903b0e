"""Turn the sandbox's switches and pay on its hosted page, from a test or a fault run."""

import http.client
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

TIMEOUT = 30.0


class ControlRefused(Exception):
    """The sandbox did not understand a switch; the message says why."""


@dataclass(frozen=True)
class Page:
    """One answer of a hosted page. `location` is where it sends the browser, "" when it shows a page."""

    status: int
    location: str
    html: str

    @property
    def problems(self) -> list[str]:
        """The sentences of the error summary."""
        summary = re.search(r'class="problems".*?<ul>(.*?)</ul>', self.html, flags=re.DOTALL)
        if summary is None:
            return []
        return [unescape(re.sub(r"<[^>]+>", "", row)) for row in re.findall(r"<li>(.*?)</li>", summary[1])]


def request_page(method: str, url: str, form: dict[str, str] | None = None) -> Page:
    """One request as a browser without JavaScript makes it; redirects are returned, not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        body = urlencode(form) if form is not None else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection.request(method, f"{parts.path}?{parts.query}", body=body, headers=headers)
        answer = connection.getresponse()
        return Page(answer.status, answer.headers.get("Location") or "", answer.read().decode())
    finally:
        connection.close()


def pay(
    session_url: str,
    *,
    card: str = "4242424242424242",
    expiry: str = "12 / 34",
    cvc: str = "123",
    email: str = "shopper@example.com",
    name: str = "Robin Shopper",
    authenticate: Literal["approve", "refuse", "stop"] = "approve",
) -> Page:
    """Fill in and send the hosted page, answer the bank's question if it comes; the last answer.

    A paid session answers 303 with the success URL as `location`; a refused card shows the page again. With
    `authenticate="stop"` the shopper leaves at the bank's question, and `location` is that question's address.
    """
    form = {"number": card, "expiry": expiry, "cvc": cvc, "email": email, "name": name}
    page = request_page("POST", session_url, form)
    if "/authenticate/" not in page.location or authenticate == "stop":
        return page
    page = request_page("POST", page.location, {"answer": authenticate})
    return request_page("GET", page.location) if page.location.split("?")[0] == session_url else page


class SandboxControl:
    """The switches under `/_control/`; every method raises ControlRefused when the sandbox says no."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    def call(self, method: str, name: str, body: dict[str, Any] | None = None) -> Any:
        parts = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            connection.request(method, f"/_control/{name}", body=json.dumps(body or {}))
            answer = connection.getresponse()
            result = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise ControlRefused(result["error"])
        return result

    def is_healthy(self) -> bool:
        try:
            return bool(self.call("GET", "health")["ok"])
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """`payment_intents`, `charges`, `refunds`, `sessions`, `disputes`, `balance_transactions`, `payouts`, oldest first."""
        result: dict[str, list[dict[str, Any]]] = self.call("GET", "state")
        return result

    def events(self) -> list[dict[str, Any]]:
        """Oldest first."""
        result: list[dict[str, Any]] = self.call("GET", "events")
        return result

    def deliveries(self) -> list[dict[str, Any]]:
        """Each with `event`, `type`, `status` (pending, held, dropped, delivered, failed), `attempts` and `answer`."""
        result: list[dict[str, Any]] = self.call("GET", "deliveries")
        return result

    def set_webhooks(self, **switches: Any) -> None:
        """`delay`, `drop_all`, `drop_next`, `drop_types`, `duplicate`, `shuffle`, `withhold` (see switches.py)."""
        self.call("POST", "webhooks", switches)

    def withhold_webhooks(self) -> None:
        self.set_webhooks(withhold=True)

    def release_webhooks(self, *, reverse: bool = False, shuffle: bool = False) -> int:
        """Stop withholding and deliver what piled up, one after the other; how many deliveries that is."""
        order = "reverse" if reverse else "shuffle" if shuffle else "created"
        return int(self.call("POST", "webhooks/release", {"order": order})["released"])

    def resend(self, *, events: Sequence[str] = (), type: str = "", times: int = 1, reverse: bool = False) -> int:
        """Send events again, by id, by type, or all when neither is given; how many deliveries that makes."""
        body = {"events": list(events), "type": type, "all": not events and not type, "times": times}
        return int(self.call("POST", "resend", {**body, "order": "reverse" if reverse else "created"})["resent"])

    def add_fault(
        self,
        kind: Literal["latency", "timeout", "error", "rate_limit", "reset", "malformed"],
        *,
        path: str = "/v1/*",
        method: str = "",
        times: int | None = None,
        rate: float = 1.0,
        seconds: float = 0.0,
        executed: bool = False,
        saved: bool = True,
    ) -> None:
        """A rule as in faults.py, for `times` requests or until `clear_faults`."""
        rule = {"kind": kind, "path": path, "method": method, "remaining": times, "rate": rate}
        self.call("POST", "faults", {**rule, "seconds": seconds, "executed": executed, "saved": saved})

    def fail_next(
        self,
        times: int = 1,
        *,
        kind: Literal["latency", "timeout", "error", "rate_limit", "reset", "malformed"] = "error",
        path: str = "/v1/*",
        method: str = "",
        seconds: float = 0.0,
        executed: bool = False,
        saved: bool = True,
    ) -> None:
        self.add_fault(kind, path=path, method=method, times=times, seconds=seconds, executed=executed, saved=saved)

    def clear_faults(self) -> None:
        self.call("DELETE", "faults")

    def turn_clock(self, *, offset: float | None = None, advance: float | None = None) -> None:
        """Set the clock's distance from real time, or move it on, in seconds; what is due then happens at once."""
        given = {"offset": offset, "advance": advance}
        self.call("POST", "clock", {name: value for name, value in given.items() if value is not None})

    def pay_out(self) -> list[dict[str, Any]]:
        """All available money goes to the bank, one automatic payout for each currency."""
        result: list[dict[str, Any]] = self.call("POST", "payouts")
        return result

    def change_settings(self, **settings: Any) -> None:
        """`short_sessions`, `settle_seconds`, `webhook_tries`, `webhook_timeout`, `retry_base`, `retry_limit`."""
        self.call("POST", "settings", settings)

    def reset(self) -> None:
        """Forget everything but the webhook endpoints; every switch off."""
        self.call("POST", "reset")
