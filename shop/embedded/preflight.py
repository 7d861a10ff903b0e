"""What can be wrong before anything starts, each told in one sentence."""

import os
import socket
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)


class CannotStart(Exception):
    """One sentence: what is wrong and what to do."""


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise CannotStart(
            f"Python {found} is not supported: use Python 3.11, 3.12 or 3.13, for example `make run PYTHON=python3.12`."
        )


def check_state_dir(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".write-probe"
        probe.write_text("")
        probe.unlink()
    except OSError as problem:
        raise CannotStart(
            f"The state folder {folder} cannot be written ({problem.strerror}): choose another one with STATE_DIR=/path,"
            " or give this user the right to write there."
        ) from problem


def parse_port(raw: str) -> int:
    if not raw.isdigit() or not 1 <= int(raw) <= 65535:
        raise CannotStart(f"PORT is {raw!r}: it must be a whole number from 1 to 65535.")
    return int(raw)


def parse_workers(raw: str) -> int:
    if not raw.isdigit() or not 1 <= int(raw) <= 64:
        raise CannotStart(f"WEB_WORKERS is {raw!r}: it must be a whole number from 1 to 64.")
    return int(raw)


def check_demo(currency: str, *, has_demo: bool) -> None:
    if has_demo and currency != "EUR":
        raise CannotStart(
            f"SHOP_CURRENCY is {currency!r}, but the demo sells in EUR: set DEMO=0 for an empty shop in another currency, or"
            " leave SHOP_CURRENCY out."
        )


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as problem:
            raise CannotStart(f"Port {port} needs more rights: use one above 1023, for example PORT=8000.") from problem
        except OSError as problem:
            raise CannotStart(
                f"Port {port} is taken by another program: stop it, or choose another port, for example"
                f" `make run PORT={port + 1}`."
            ) from problem


def check_not_running(pid_file: Path) -> None:
    try:
        pid = int(pid_file.read_text())
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and b"shop.embedded" not in command.read_bytes():
            return
    except (OSError, ValueError):
        return
    raise CannotStart(
        f"This shop already runs (process {pid}): stop it with Ctrl-C there, or start another one with its own"
        " STATE_DIR and PORT."
    )


def free_port(preferred: int) -> int:
    """The preferred port when nobody has it, else one that the system picks."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port if port <= 65535 else 0))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotStart("No free port was found on this machine.")
