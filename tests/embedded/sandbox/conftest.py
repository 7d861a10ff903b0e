"""A payment sandbox in a process of its own, the real Stripe SDK to speak to it, and an inbox for its webhooks."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from shop.embedded.sandbox.client import SandboxControl

ROOT = Path(__file__).resolve().parents[3]
SECRET = "whsec_inbox"


@dataclass
class Letter:
    """One webhook as it arrived."""

    body: bytes
    signature: str
    answered: int

    def open(self) -> stripe.Event:
        return stripe.Webhook.construct_event(self.body, self.signature, SECRET)


@dataclass
class Inbox:
    """A webhook endpoint. `answers` are the status codes of the next letters; then 200."""

    letters: list[Letter] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""

    def types(self) -> list[str]:
        return [letter.open().type for letter in list(self.letters)]

    def wait_for(self, condition: Callable[["Inbox"], Any], *, seconds: float = 8.0) -> None:
        end = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < end, f"the inbox holds only {self.types()}"
            time.sleep(0.02)

    def wait_for_types(self, *types: str) -> None:
        self.wait_for(lambda inbox: set(types) <= set(inbox.types()))

    def wait_for_count(self, count: int) -> None:
        self.wait_for(lambda inbox: len(inbox.letters) >= count)


class Process:
    """`python -m shop.embedded.sandbox`, and its address."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "shop.embedded.sandbox", *arguments]
        self.popen = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.popen.stdout is not None
        self.url = self.popen.stdout.readline().strip()

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> int:
        self.popen.terminate()
        return self.popen.wait(timeout=10)


@dataclass
class Shop:
    """What a shop has of its payment provider: the SDK, and for tests the switches and the inbox."""

    url: str
    api: stripe.StripeClient
    control: SandboxControl
    inbox: Inbox

    def open_session(self, **changes: Any) -> stripe.checkout.Session:
        params: dict[str, Any] = {
            "mode": "payment",
            "success_url": "http://shop.test/thanks/?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.test/basket/",
            "customer_email": "robin@example.com",
            "client_reference_id": "1001",
            "metadata": {"order": "1001"},
            "payment_intent_data": {"metadata": {"order": "1001"}},
            "line_items": [
                {
                    "quantity": 2,
                    "price_data": {"currency": "eur", "unit_amount": 3990, "product_data": {"name": "Mug <Blue>"}},
                },
                {
                    "quantity": 1,
                    "price_data": {"currency": "eur", "unit_amount": 450, "product_data": {"name": "Delivery"}},
                },
            ],
        }
        params.update(changes)
        return self.api.v1.checkout.sessions.create({k: v for k, v in params.items() if v is not None})

    def pay_intent(self, amount: int = 1000, *, method: str = "pm_card_visa", **params: Any) -> stripe.PaymentIntent:
        return self.api.v1.payment_intents.create(
            {"amount": amount, "currency": "eur", "payment_method": method, "confirm": True, **params}
        )


def connect(url: str, *, retries: int = 0, timeout: float = 10.0) -> stripe.StripeClient:
    return stripe.StripeClient(
        "sk_test_sandbox",
        base_addresses={"api": url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


@pytest.fixture(scope="session")
def endless_inbox() -> Iterator[Inbox]:
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """A page of the shop that the shopper comes back to."""
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(b"back at " + self.path.encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = inbox.answers.pop(0) if inbox.answers else 200
            inbox.letters.append(Letter(body, self.headers["Stripe-Signature"], status))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    inbox.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/stripe/"
    yield inbox
    server.shutdown()


@pytest.fixture(scope="session")
def running_sandbox(endless_inbox: Inbox) -> Iterator[str]:
    process = Process(
        "--webhook-url", endless_inbox.url, "--webhook-secret", SECRET, "--retry-base", "0.1", "--webhook-tries", "4"
    )
    yield process.url
    process.stop()


@pytest.fixture
def shop(running_sandbox: str, endless_inbox: Inbox) -> Shop:
    """A sandbox that has forgotten every former test, none of whose letters is still on its way."""
    control = SandboxControl(running_sandbox)
    control.withhold_webhooks()
    end = time.monotonic() + 2
    while any(one["status"] == "pending" for one in control.deliveries()) and time.monotonic() < end:
        time.sleep(0.02)
    control.reset()
    control.change_settings(settle_seconds=0.2)
    endless_inbox.letters.clear()
    endless_inbox.answers.clear()
    return Shop(running_sandbox, connect(running_sandbox), control, endless_inbox)


@pytest.fixture
def connect_to() -> Callable[..., stripe.StripeClient]:
    return connect


@pytest.fixture
def start_sandbox() -> Iterator[Callable[..., Process]]:
    """Start further sandboxes; they end with the test."""
    started: list[Process] = []

    def start(*arguments: str) -> Process:
        started.append(Process(*arguments))
        return started[-1]

    yield start
    for process in started:
        process.kill()
