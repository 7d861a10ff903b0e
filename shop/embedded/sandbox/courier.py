"""Carries events to webhook endpoints: signed, tried again with growing waits, in the background."""

import hashlib
import heapq
import hmac
import http.client
import itertools
import json
import ssl
import threading
import time
from urllib.parse import urlsplit

from shop.embedded.sandbox.events import present_event
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.store import Json, show

CARRIERS = 4


def sign(body: bytes, *, secret: str, at: int) -> str:
    """The `Stripe-Signature` header (https://docs.stripe.com/webhooks#verify-manually)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Courier:
    """A few threads over one heap of (due, deliveries). Deliveries of one job go out one after the other, in order."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._wakeup = threading.Condition()
        self._jobs: list[tuple[float, int, list[str]]] = []
        self._count = itertools.count()
        self._stopping = False
        self._threads = [threading.Thread(target=self._work, name=f"courier-{n}", daemon=True) for n in range(CARRIERS)]

    def start(self) -> None:
        self.collect()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._wakeup:
            self._stopping = True
            self._wakeup.notify_all()

    def collect(self) -> None:
        """Take up what a former process left undelivered."""
        store = self._sandbox.store
        with store.lock:
            waiting = [(one["due"], one["id"]) for one in store.every("delivery") if one["status"] == "pending"]
        for due, id in waiting:
            self.add_job([id], due=due)

    def take_fresh(self) -> None:
        """Take up the deliveries of transactions that have ended."""
        with self._sandbox.store.lock:
            fresh, self._sandbox.fresh = self._sandbox.fresh, []
        for due, id in fresh:
            self.add_job([id], due=due)

    def add_job(self, ids: list[str], *, due: float) -> None:
        with self._wakeup:
            heapq.heappush(self._jobs, (due, next(self._count), ids))
            self._wakeup.notify()

    def _work(self) -> None:
        while True:
            with self._wakeup:
                while not self._stopping and (not self._jobs or self._jobs[0][0] > time.time()):
                    self._wakeup.wait(self._jobs[0][0] - time.time() if self._jobs else None)
                if self._stopping:
                    return
                _, _, ids = heapq.heappop(self._jobs)
            for id in ids:
                self._deliver(id)

    def _deliver(self, id: str) -> None:
        store, clock = self._sandbox.store, self._sandbox.clock
        with store.lock:
            delivery = store.get("delivery", id)
            event = store.get("event", delivery["event"]) if delivery else None
            endpoint = store.get("webhook_endpoint", delivery["endpoint"]) if delivery else None
            if delivery is None or delivery["status"] != "pending" or event is None:
                return
            if endpoint is None:
                self._record(delivery, answer="the endpoint was deleted", delivered=False, final=True)
                return
            body = json.dumps(show(present_event(self._sandbox, event)), indent=2).encode()
            signature = sign(body, secret=endpoint["_secret"], at=clock.now())
            url = endpoint["url"]
        answer, delivered = self._post(url, body=body, signature=signature)
        with store.lock:
            if store.get("delivery", id) is delivery and delivery["status"] == "pending":
                self._record(delivery, answer=answer, delivered=delivered, final=False)

    def _record(self, delivery: Json, *, answer: str, delivered: bool, final: bool) -> None:
        settings = self._sandbox.settings
        with self._sandbox.store.transaction():
            delivery["attempts"] += 1
            delivery["answer"] = answer
            if delivered:
                delivery["status"] = "delivered"
            elif final or delivery["attempts"] >= settings.webhook_tries:
                delivery["status"] = "failed"
            else:
                wait = min(settings.retry_base * 2 ** (delivery["attempts"] - 1), settings.retry_limit)
                delivery["due"] = time.time() + wait
            self._sandbox.store.put("delivery", delivery)
        if delivery["status"] == "pending":
            self.add_job([delivery["id"]], due=delivery["due"])

    def _post(self, url: str, *, body: bytes, signature: str) -> tuple[str, bool]:
        """Redirects are not followed, as at Stripe; any 2xx counts."""
        parts = urlsplit(url)
        timeout = self._sandbox.settings.webhook_timeout
        host = parts.hostname or ""
        connection = (
            http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port, timeout=timeout)
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature,
        }
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body=body, headers=headers)
            status = connection.getresponse().status
        except (OSError, ValueError, http.client.HTTPException) as error:
            return f"{type(error).__name__}: {error}", False
        finally:
            connection.close()
        return str(status), 200 <= status < 300
