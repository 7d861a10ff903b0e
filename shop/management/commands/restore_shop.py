"""Fill a blank install (a new database after `manage.py migrate`) from a folder that export_shop wrote."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from shop.archive.manifest import UnusableArchive
from shop.archive.restore import restore_shop
from shop.archive.rules import ModelWithoutRule


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        shows = not options["json"] and self.stderr.isatty()
        try:
            manifest = restore_shop(
                options["folder"], progress=lambda label: self.stderr.write(f"  {label}") if shows else None
            )
        except (UnusableArchive, ModelWithoutRule) as refused:
            raise CommandError(str(refused)) from refused
        except DatabaseError as error:
            said = str(error).strip().split("\n", 1)[0]
            raise CommandError(f"The database refused the rows, and nothing was kept: {said}.") from error
        facts = {"tables": len(manifest.tables), "rows": manifest.rows, "media": len(manifest.media)}
        facts["seconds"] = round(time.monotonic() - started)
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(
                f"{facts['rows']} rows of {facts['tables']} tables and {facts['media']} files restored in "
                f"{facts['seconds']} s. Now run manage.py doctor."
            )
