"""`make run`: services, migrations, demo catalogue, web, worker and beat, until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from shop.embedded import preflight
from shop.embedded.children import tail
from shop.embedded.machine import digest_of_release, read_secrets, write_private
from shop.embedded.postgres import EmbeddedPostgres
from shop.embedded.redis_server import EmbeddedRedis
from shop.embedded.supervisor import Process, Supervisor

BASE_DIR = Path(__file__).resolve().parent.parent.parent
_KEPT = ("SHOP_NAME", "SHOP_CURRENCY", "SHOP_COUNTRY", "EMAIL_URL", "RESERVATION_MINUTES", "PAYMENT_MINUTES")


def say(line: str) -> None:
    print(f"  {line}", flush=True)


class Machine:
    """One run of the shop on one machine."""

    def __init__(self, *, port: int, folder: Path, web_workers: int = 2) -> None:
        self.port = port
        self.folder = folder
        self.web_workers = web_workers
        self.log_folder = folder / "log"
        self.pid_file = folder / "supervisor.pid"
        self.services_file = folder / "services.json"
        self.supervisor = Supervisor(log_folder=self.log_folder, say=say)
        self.postgres: EmbeddedPostgres | None = None
        self.redis: EmbeddedRedis | None = None
        self.is_new_database = False
        self.is_prepared_now = False

    def prepare(self) -> None:
        """The services run, the database is migrated, static files are collected: all but the shop itself."""
        self.pid_file.write_text(str(os.getpid()))
        self.services = self._start_services()
        write_private(self.services_file, self.services)
        self.env = {**os.environ, **self.services, "STATE_DIR": str(self.folder), "PYTHONUNBUFFERED": "1"}
        self._prepare_shop()

    def up(self) -> None:
        self.prepare()
        python = sys.executable
        web_env = {**self.env, "DATABASE_STATEMENT_TIMEOUT": "30000"}
        web = [python, "-m", "granian", "--interface", "wsgi", "shop.wsgi:application", "--host", "127.0.0.1"]
        web += ["--port", str(self.port), "--workers", str(self.web_workers), "--blocking-threads", "6"]
        web += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "warning", "--backlog", "2048"]
        web += ["--workers-kill-timeout", "10"]
        # What can wait gives way to who is waiting; on a machine with nothing else to do it is as quick as ever.
        celery = ["nice", "-n", "10", python, "-m", "celery", "-A", "shop.celery"]
        worker = [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "warning",
            "--without-gossip",
            "--without-mingle",
        ]
        beat = [*celery, "beat", "--loglevel", "warning", "-s", str(self.folder / "beat-schedule"), "--pidfile="]
        self.supervisor.add(Process("web", web, web_env))
        self.supervisor.add(Process("worker", worker, self.env))
        self.supervisor.add(Process("beat", beat, self.env))
        self._wait_until_ready()
        self.supervisor.is_open = True
        if self.is_prepared_now and os.environ.get("DEMO") != "0":
            finish = ["nice", "-n", "10", python, str(BASE_DIR / "manage.py"), "finish_demo"]
            self.supervisor.add(Process("demo", finish, self.env, is_one_shot=True))

    def down(self) -> None:
        self.supervisor.stop_all()
        if self.redis is not None:
            self.redis.stop()
        if self.postgres is not None:
            self.postgres.stop()
        self.services_file.unlink(missing_ok=True)
        self.pid_file.unlink(missing_ok=True)

    def _start_services(self) -> dict[str, str]:
        """Embedded services for what the environment does not name."""
        services = {key: value for key, value in read_secrets(self.folder).items() if key not in os.environ}
        services.setdefault("SITE_URL", os.environ.get("SITE_URL", f"http://127.0.0.1:{self.port}"))
        services.update({name: os.environ[name] for name in _KEPT if name in os.environ})
        if "DATABASE_URL" in os.environ:
            services["DATABASE_URL"] = os.environ["DATABASE_URL"]
        else:
            postgres = self.postgres = EmbeddedPostgres(self.folder / "postgres")
            postgres.start()
            self.is_new_database = postgres.ensure_database("shop")
            services["DATABASE_URL"] = postgres.url("shop")
            self.supervisor.processes.append(Process("postgres", child=postgres.child, start=_restart(postgres)))
        if "REDIS_URL" in os.environ:
            services["REDIS_URL"] = os.environ["REDIS_URL"]
        else:
            redis = self.redis = EmbeddedRedis(self.folder / "redis")
            redis.start()
            services["REDIS_URL"] = redis.url
            self.supervisor.processes.append(Process("redis", child=redis.child, start=_restart(redis)))
        if "STRIPE_API_BASE" in os.environ:
            services["STRIPE_API_BASE"] = os.environ["STRIPE_API_BASE"]
        elif "STRIPE_SECRET_KEY" not in os.environ:
            services.update(self._start_sandbox(services))
        return services

    def _start_sandbox(self, services: Mapping[str, str]) -> dict[str, str]:
        port = preflight.free_port(self.port + 1)
        command = [sys.executable, "-m", "shop.embedded.sandbox", "--port", str(port)]
        command += ["--state-file", str(self.folder / "sandbox.sqlite"), "--webhook-secret"]
        command += [os.environ.get("STRIPE_WEBHOOK_SECRET") or services["STRIPE_WEBHOOK_SECRET"]]
        command += ["--webhook-url", f"http://127.0.0.1:{self.port}/webhooks/stripe/"]
        self.supervisor.add(Process("sandbox", command, {**os.environ, "PYTHONUNBUFFERED": "1"}))
        return {"STRIPE_API_BASE": f"http://127.0.0.1:{port}", "ALLOW_SANDBOX": "1"}

    def _prepare_shop(self) -> None:
        """Migrations, static files and (the first time) the demo catalogue, in one process.

        Skipped when nothing that it looks at has changed since it last went through: a second start is quick.
        """
        mark = self.folder / "prepared"
        digest = digest_of_release(BASE_DIR, database=self.services["DATABASE_URL"])
        if not self.is_new_database and mark.exists() and mark.read_text() == digest:
            return
        log = self.log_folder / "prepare.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            command = [sys.executable, str(BASE_DIR / "manage.py"), "prepare_shop"]
            command += ["--no-demo"] if os.environ.get("DEMO") == "0" else []
            process = subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=output, process_group=0)
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    say(line.decode(errors="replace").rstrip())
                if process.wait():
                    raise preflight.CannotStart(f"The shop could not be prepared. The end of {log}:\n{tail(log)}")
            except BaseException:
                process.kill()
                raise
        mark.write_text(digest)
        self.is_prepared_now = True

    def _wait_until_ready(self, *, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.supervisor.watch_once()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.1)
        log = self.supervisor.log_of("web")
        raise preflight.CannotStart(f"The shop did not answer within {seconds:.0f} s. The end of {log}:\n{tail(log)}")


def _restart(server: EmbeddedPostgres | EmbeddedRedis):  # type: ignore[no-untyped-def]
    def start() -> subprocess.Popen[bytes]:
        server.start()
        assert server.child is not None
        return server.child

    return start


class _Stop(Exception):
    pass


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stop


def main() -> int:
    began = time.monotonic()
    try:
        preflight.check_python()
        port = preflight.parse_port(os.environ.get("PORT") or "8000")
        folder = Path(os.environ.get("STATE_DIR") or BASE_DIR / ".local").resolve()
        preflight.check_demo(os.environ.get("SHOP_CURRENCY") or "EUR", has_demo=os.environ.get("DEMO") != "0")
        preflight.check_state_dir(folder)
        preflight.check_not_running(folder / "supervisor.pid")
        preflight.check_port(port)
        workers = preflight.parse_workers(os.environ.get("WEB_WORKERS") or "2")
    except preflight.CannotStart as problem:
        print(problem, file=sys.stderr)
        return 2
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _stop)
    machine = Machine(port=port, folder=folder, web_workers=workers)
    code = 0
    try:
        machine.up()
        _print_welcome(machine, seconds=time.monotonic() - began)
        while True:
            machine.supervisor.watch_once()
            time.sleep(0.25)
    except _Stop:
        say("stopping")
    except Exception as problem:
        print(problem, file=sys.stderr)
        code = 1
    finally:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        machine.down()
    return code


def _print_welcome(machine: Machine, *, seconds: float) -> None:
    site = machine.services["SITE_URL"]
    print(f"\n  The shop is open after {seconds:.0f} s.\n", flush=True)
    print(f"    Shop         {site}/")
    print(f"    Back office  {site}/admin/")
    print("    Staff login  staff@example.com  password: lumen-and-loom")
    print("                 (the first sign-in asks you to set up a second factor; any authenticator app will do)")
    if "STRIPE_API_BASE" in machine.services and machine.services.get("ALLOW_SANDBOX"):
        print(f"    Payments     sandbox at {machine.services['STRIPE_API_BASE']}, test card 4242 4242 4242 4242")
    print(f"    Mails        {machine.folder / 'mail'}")
    print(f"    Logs         {machine.log_folder}\n\n  Ctrl-C stops everything.\n", flush=True)
