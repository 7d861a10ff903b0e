"""Runs the shop's processes, starts again what dies, stops everything in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shop.embedded.children import start_child, stop_child, tail

_STEADY_SECONDS = 20
_MOST_RESTARTS = 8


class KeepsDying(RuntimeError):
    """A process that ends again and again; carries the end of its log."""


@dataclass(slots=True)
class Process:
    """A supervised command. `start` is used instead of a plain start when the server needs more than a command.

    A one-shot is not started again when it ends well; when it fails it gets as many tries as the others.
    """

    name: str
    command: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    start: Callable[[], subprocess.Popen[bytes]] | None = None
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0
    not_before: float = 0.0
    is_one_shot: bool = False


class Supervisor:
    def __init__(self, *, log_folder: Path, say: Callable[[str], None]) -> None:
        self.log_folder = log_folder
        self.say = say
        self.processes: list[Process] = []
        self.is_open = False

    def log_of(self, name: str) -> Path:
        return self.log_folder / f"{name}.log"

    def add(self, process: Process) -> None:
        self._start(process)
        self.processes.append(process)

    def watch_once(self) -> None:
        """Start again what has died, waiting a little longer each time.

        Raises KeepsDying while the shop is not open yet. An open shop is never shut because one process keeps dying: what
        kills it may stop, and the others still serve.
        """
        now = time.monotonic()
        for process in self.processes:
            if process.child is None or process.child.poll() is None or _is_over(process):
                if (
                    process.child is not None
                    and process.child.returncode is None
                    and now - process.started_at > _STEADY_SECONDS
                ):
                    process.restarts = 0
                continue
            if process.not_before == 0.0:
                self.say(f"{process.name} ended ({process.child.returncode}); starting it again")
                process.not_before = now + min(0.2 * 2 ** min(process.restarts, 10), 2 if self.is_open else 10)
                process.restarts += 1
                if process.restarts > _MOST_RESTARTS and not self.is_open:
                    log = self.log_of(process.name)
                    raise KeepsDying(f"{process.name} keeps ending. The end of {log}:\n{tail(log)}")
            if now >= process.not_before:
                process.not_before = 0.0
                self._start(process)

    def stop_all(self) -> None:
        for process in reversed(self.processes):
            if process.child is not None:
                stop_child(process.child, seconds=20)

    def _start(self, process: Process) -> None:
        if process.child is not None:
            _end_group(process.child.pid)
        if process.start is not None:
            process.child = process.start()
        else:
            process.child = start_child(process.command, log=self.log_of(process.name), env=process.env)
        process.started_at = time.monotonic()


def _is_over(process: Process) -> bool:
    """A one-shot that ended well, or that failed so often that another try would only cost."""
    if not process.is_one_shot or process.child is None:
        return False
    return process.child.returncode == 0 or process.restarts >= _MOST_RESTARTS


def _end_group(group: int) -> None:
    """Workers whose master was killed still hold the port; they end before the next start."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
