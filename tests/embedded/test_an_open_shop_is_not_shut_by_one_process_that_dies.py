"""The supervisor: patient with an open shop, plain about one that cannot open."""

import sys
import time
from pathlib import Path

import pytest

from shop.embedded.supervisor import KeepsDying, Process, Supervisor

DIES = [sys.executable, "-c", "print('no paper'); raise SystemExit(3)"]


def _watch(supervisor: Supervisor, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        supervisor.watch_once()
        time.sleep(0.02)


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(log_folder=tmp_path, say=lambda line: None)


def test_a_shop_that_cannot_open_says_what_keeps_dying(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.embedded.supervisor._MOST_RESTARTS", 2)
    supervisor.add(Process("printer", DIES, {}))
    with pytest.raises(KeepsDying, match=r"(?s)printer keeps ending.*no paper"):
        _watch(supervisor, seconds=20)


def test_an_open_shop_keeps_trying_and_keeps_the_others(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.embedded.supervisor._MOST_RESTARTS", 1)
    supervisor.is_open = True
    other = Process("other", [sys.executable, "-c", "import time; time.sleep(60)"], {})
    dying = Process("printer", DIES, {})
    supervisor.add(other)
    supervisor.add(dying)
    _watch(supervisor, seconds=4)
    assert dying.restarts > 2
    assert other.child is not None
    assert other.child.poll() is None
    supervisor.stop_all()


def test_a_one_shot_that_ends_well_is_not_started_again(supervisor: Supervisor) -> None:
    once = Process("once", [sys.executable, "-c", "pass"], {}, is_one_shot=True)
    supervisor.add(once)
    _watch(supervisor, seconds=1.5)
    assert once.restarts == 0


def test_a_one_shot_that_cannot_end_well_is_left_after_some_tries(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.embedded.supervisor._MOST_RESTARTS", 2)
    supervisor.is_open = True
    once = Process("once", DIES, {}, is_one_shot=True)
    supervisor.add(once)
    _watch(supervisor, seconds=4)
    assert once.restarts == 2
