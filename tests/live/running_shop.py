"""Starts `python -m shop.embedded` for a test and talks to it as shoppers, staff and ops do."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from shop.embedded.machine import digest_of_release
from shop.embedded.postgres import EmbeddedPostgres
from tests.migrated import copy_template_to

ROOT = Path(__file__).resolve().parent.parent.parent
_INHERITED = ("DATABASE_URL", "REDIS_URL", "STRIPE_API_BASE", "STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY",
              "STRIPE_WEBHOOK_SECRET", "SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "ALLOW_SANDBOX",
              "STATE_DIR", "DEBUG", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL")  # fmt: skip


_PREPARE = """
import os
from pathlib import Path
from shop.embedded import preflight
from shop.embedded.run import Machine
folder = Path(os.environ["STATE_DIR"])
preflight.check_state_dir(folder)
machine = Machine(port=int(os.environ["PORT"]), folder=folder)
try:
    machine.prepare()
finally:
    machine.down()
"""


def free_port() -> int:
    """A port whose next one is free too (the sandbox takes it)."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _signal(process: psutil.Process, number: int) -> bool:
    try:
        process.send_signal(number)
    except psutil.Error:
        return False
    return True


def _age(process: psutil.Process) -> float:
    try:
        return time.time() - process.create_time()
    except psutil.Error:
        return 0.0


def _processor_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _is_working(process: psutil.Process) -> bool:
    """Not the helper by which Python keeps track of shared memory."""
    try:
        return "resource_tracker" not in " ".join(process.cmdline())
    except psutil.Error:
        return False


def copy_prepared(folder: Path) -> None:
    """Fill an empty state folder as a first start without a demo leaves it: migrated, static files collected.

    The first who asks in a test run prepares one; everybody else waits for that and copies.
    """
    run = Path(os.environ["STATE_DIR"]).parent / "prepared"
    run.mkdir(exist_ok=True)
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / "state" / "prepared").exists():
            _migrate_by_copy(run / "state" / "postgres")
            RunningShop(run / "state", demo=False, is_fresh=True).prepare()
    folder.mkdir(parents=True)
    subprocess.run(["cp", "-a", "--reflink=auto", f"{run / 'state'}/.", str(folder)], check=True)
    shutil.rmtree(folder / "log", ignore_errors=True)
    database = EmbeddedPostgres(folder / "postgres").url("shop")
    (folder / "prepared").write_text(digest_of_release(ROOT, database=database))


def _migrate_by_copy(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        server.ensure_database("shop")
        copy_template_to(server.url("shop"))
    finally:
        server.stop()


class RunningShop:
    """One shop on one state folder. `settings` become environment variables of its processes.

    A folder that does not exist yet is filled with a prepared copy, unless it is to be opened `is_fresh`, or with a demo.
    """

    def __init__(self, folder: Path, *, demo: bool, is_fresh: bool = False, **settings: str) -> None:
        self.folder = folder
        self.is_copied = not demo and not is_fresh and "STATE_DIR" in os.environ
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        env = {key: value for key, value in os.environ.items() if key not in _INHERITED}
        own = {"PORT": str(self.port), "STATE_DIR": str(folder), "DEMO": "1" if demo else "0"}
        # Its buyers come in crowds and often leave their payment page open; the shield has tests of its own.
        self.env = {**env, **own, "PAYMENTS_AT_ONCE": "100000", **settings}
        self.process: subprocess.Popen[str] | None = None
        self.output: list[str] = []
        self.seconds_to_open = 0.0

    def prepare(self) -> None:
        """What `start` does before any process of the shop itself runs."""
        subprocess.run([sys.executable, "-c", _PREPARE], cwd=ROOT, env=self.env, timeout=600, check=True)

    def start(self, *, seconds: float = 240) -> "RunningShop":
        if self.is_copied and not self.folder.exists():
            copy_prepared(self.folder)
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shop.embedded"], cwd=ROOT, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if "Ctrl-C stops everything" in line:
                self.seconds_to_open = time.monotonic() - began
                return self
            if time.monotonic() - began > seconds:
                break
        self.stop()
        raise AssertionError("The shop did not open:\n" + "".join(self.output))

    def stop(self) -> list[psutil.Process]:
        """Ctrl-C; returns the processes that were left behind (expected: none)."""
        if self.process is None:
            return []
        family = self.family()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        if self.process.stdout is not None:
            self.process.stdout.close()
        _, left = psutil.wait_procs(family, timeout=5)
        for process in left:
            process.kill()
        self.process = None
        return left

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def processes_of(self, name: str) -> list[psutil.Process]:
        """What runs under a name, the leader first: web, worker, beat, sandbox, redis, postgres.

        Each is a process group of its own, so children that call themselves something else are found too.
        """
        words = {"web": "granian", "worker": "shop.celery worker", "beat": "shop.celery beat",
                 "sandbox": "embedded.sandbox", "redis": "redis-server", "postgres": "postgres -D"}  # fmt: skip
        leaders, groups = [], []
        for process in self.family():
            try:
                group = os.getpgid(process.pid)
                groups.append((group, process))
                if group == process.pid and words[name] in " ".join(process.cmdline()) + " ":
                    leaders.append(process)
            except (psutil.Error, ProcessLookupError):
                continue
        pids = {leader.pid for leader in leaders}
        return leaders + [process for group, process in groups if group in pids and process.pid not in pids]

    def kill(self, name: str, *, whole: bool = True) -> int:
        """kill -9 what runs under a name; returns how many processes that were.

        `whole=False` kills its oldest child (a web worker, a pool child) instead of everything.
        """
        found = self.processes_of(name)
        if not whole:
            found = self.children_of(name)[:1]
        return sum(_signal(process, signal.SIGKILL) for process in found)

    def children_of(self, name: str) -> list[psutil.Process]:
        """The web workers or pool children, oldest first."""
        return sorted((one for one in self.processes_of(name)[1:] if _is_working(one)), key=_age, reverse=True)

    def processor_seconds(self, name: str) -> list[float]:
        """What each web worker or pool child has used of a processor so far."""
        return [_processor_seconds(one) for one in self.children_of(name)]

    def freeze(self, name: str) -> None:
        """Stop what runs under a name without ending it: it accepts connections and answers nothing."""
        for process in self.processes_of(name):
            _signal(process, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        for process in self.processes_of(name):
            _signal(process, signal.SIGCONT)

    @property
    def services(self) -> dict[str, str]:
        return dict(json.loads((self.folder / "services.json").read_text()))

    @property
    def sandbox_url(self) -> str:
        return self.services["STRIPE_API_BASE"]

    def manage(self, *arguments: str, check: bool = True, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip
        assert not check or result.returncode == 0, f"{arguments}: {result.stdout}\n{result.stderr}"
        return result

    def query(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Read the database as somebody else would: a second, read-only connection."""
        with psycopg.connect(self.services["DATABASE_URL"], autocommit=True) as connection:
            connection.read_only = True
            return connection.execute(sql, params).fetchall()

    def broken_invariants(self) -> list[dict[str, Any]]:
        report = json.loads(self.manage("doctor", "--json", check=False).stdout)
        return [check for check in report["checks"] if check["violations"]]

    def wait_until_ready(self, *, seconds: float = 60) -> None:
        """Until every process runs again and the shop calls itself ready, with nothing degraded."""
        deadline = time.monotonic() + seconds
        report: object = None
        while time.monotonic() < deadline:
            try:
                answer = httpx.get(f"{self.url}/readyz", timeout=5)
                report = answer.json()
                if answer.status_code == 200 and answer.json()["redis"] == "ok":
                    return
            except (httpx.HTTPError, ValueError) as problem:
                report = problem
            time.sleep(0.2)
        raise AssertionError(f"The shop was not ready again within {seconds} s: {report}")

    def wait_until_quiet(self, *, seconds: float = 120) -> None:
        """Until no job is due or leased; parked jobs stay for the doctor to report, later ones may wait."""
        deadline = time.monotonic() + seconds
        waiting: list[tuple[Any, ...]] = []
        while time.monotonic() < deadline:
            try:
                waiting = self.query(
                    "SELECT name, attempts, last_error FROM outbox_outboxevent"
                    " WHERE done_at IS NULL AND parked_at IS NULL AND (attempts > 0 OR available_at <= now())"
                )
            except psycopg.Error:
                waiting = [("database", 0, "away")]
            if not waiting:
                return
            time.sleep(0.5)
        raise AssertionError(f"Jobs are still waiting after {seconds} s: {waiting[:5]}")
