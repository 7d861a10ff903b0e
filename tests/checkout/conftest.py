"""A payment provider in a process of its own for the tests of this room."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.test import Client
from oscar.apps.order.models import Order

from checkout.orders.access import order_path, token_of
from tests.checkout.till import Till

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def provider_url() -> Iterator[str]:
    command = [sys.executable, "-m", "shop.embedded.sandbox", "--retry-base", "0.05"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def till(provider_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    settings.STRIPE_API_BASE = provider_url
    # The SDK's pauses between tries, shortened: a test waits for nothing it does not look at.
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.02)
    counter = Till(provider_url)
    counter.control.reset()
    counter.control.change_settings(settle_seconds=0.05)
    yield counter
    counter.control.reset()


@pytest.fixture
def order_page(client: Client) -> Callable[..., Any]:
    """GET of the guest's page; `query` as `returned=1`."""

    def show(order: Order, query: str = "") -> Any:
        return client.get(order_path(token_of(order.pk)) + (f"?{query}" if query else ""))

    return show
