"""With every turn taken the next caller is told at once; without turns it would hang as long as the provider does."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from checkout.payments import turns
from checkout.payments.turns import CALLS_AT_ONCE, NoTurn, take_turn

WEB_THREADS = 6


def threads_left_for_pages(patience: float) -> int:
    """How many of a web worker's threads are free again while the provider answers none of their calls."""
    answered = threading.Event()

    def call() -> None:
        try:
            with take_turn():
                answered.wait(timeout=10)
        except NoTurn:
            return

    with ThreadPoolExecutor(WEB_THREADS) as pool:
        calls = [pool.submit(call) for _ in range(WEB_THREADS)]
        time.sleep(patience)
        free = sum(one.done() for one in calls)
        answered.set()
    return free


def test_two_threads_still_show_pages_while_the_provider_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.05)
    assert threads_left_for_pages(0.4) == WEB_THREADS - CALLS_AT_ONCE


def test_without_turns_no_thread_would_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(turns, "_turns", threading.BoundedSemaphore(1000))
    assert threads_left_for_pages(0.4) == 0
