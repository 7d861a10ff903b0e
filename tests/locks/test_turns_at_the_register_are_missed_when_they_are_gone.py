"""Two questions at once wait for the register of VAT ids; the others are told at once that there is no answer."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from checkout.tax import reverse_charge
from checkout.tax.vat_id import VatId
from checkout.tax.vies import VALID, Answer

WEB_THREADS = 6


@pytest.fixture(autouse=True)
def nobody_asked_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    none = SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: SimpleNamespace(count=lambda: 0)))
    monkeypatch.setattr(reverse_charge, "VatCheck", none)


def threads_left_for_pages() -> int:
    answered = threading.Event()

    def ask(vat_id: VatId) -> Answer:
        answered.wait(timeout=10)
        return Answer(VALID)

    with ThreadPoolExecutor(WEB_THREADS) as pool:
        calls = [pool.submit(reverse_charge._ask, VatId("FR40303265045"), ask) for _ in range(WEB_THREADS)]
        time.sleep(0.3)
        free = sum(one.done() for one in calls)
        answered.set()
    return free


def test_four_threads_still_show_pages_while_the_register_hangs() -> None:
    assert threads_left_for_pages() == WEB_THREADS - reverse_charge.AT_ONCE


def test_without_turns_no_thread_would_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverse_charge, "_turns", threading.BoundedSemaphore(1000))
    assert threads_left_for_pages() == 0
