"""Write the whole shop to a new folder: every table as JSON Lines, the media, and a manifest. See docs/archive.md."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.archive.export import FolderInUse, export_shop
from shop.archive.rules import ModelWithoutRule


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="Is made; must not exist or be empty.")
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        shows = not options["json"] and self.stderr.isatty()
        try:
            manifest = export_shop(
                options["folder"], progress=lambda label: self.stderr.write(f"  {label}") if shows else None
            )
        except (FolderInUse, ModelWithoutRule) as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(
                f"{options['folder']} cannot be written: {error.strerror}. Choose another place."
            ) from error
        facts = {"tables": len(manifest.tables), "rows": manifest.rows, "media": len(manifest.media)}
        facts["seconds"] = round(time.monotonic() - started)
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(
                f"{facts['rows']} rows of {facts['tables']} tables and {facts['media']} files written to "
                f"{options['folder']} in {facts['seconds']} s. Keep the folder as you keep the database: it holds "
                "customers' data."
            )
