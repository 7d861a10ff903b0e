"""Make this machine ready: migrations, static files, the demo catalogue on the first run. Safe to run at any time."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Leave the shop empty.")

    def handle(self, *args: Any, no_demo: bool = False, **options: Any) -> None:
        from shop.demo.load import begin_drawing, load_demo_shop

        if not no_demo and settings.SHOP_CURRENCY != "EUR":
            raise CommandError(
                f"The demo sells in EUR, this shop in {settings.SHOP_CURRENCY}: say --no-demo for an empty shop."
            )
        executor = MigrationExecutor(connection)
        is_first = not executor.loader.applied_migrations
        drawing = begin_drawing() if is_first and not no_demo else None
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("preparing the database")
            self.stdout.flush()
            call_command("migrate", verbosity=0, interactive=False)
        self._collect_static_files()
        from shop.demo.house import furnish_house

        furnish_house()
        call_command("ensure_roles", verbosity=0)
        if not no_demo:
            load_demo_shop(say=self._say, drawing=drawing)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _collect_static_files(self) -> None:
        """Only when a file changed: hashing names and compressing takes seconds."""
        if settings.DEBUG:
            return
        mark = Path(settings.STATIC_ROOT) / ".digest"
        digest = _digest_of_static_files()
        if mark.exists() and mark.read_text() == digest:
            return
        self._say("collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.write_text(digest)


def _digest_of_static_files() -> str:
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for file in sorted((settings.BASE_DIR / "static").rglob("*")):
        if file.is_file():
            digest.update(f"{file}{file.stat().st_mtime_ns}".encode())
    return digest.hexdigest()
