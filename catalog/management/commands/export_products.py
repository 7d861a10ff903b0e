"""Write the catalogue to a file in our own format: CSV, .jsonl or .xlsx. Imported again, it changes nothing."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.importing.export import export_products


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--images", metavar="FOLDER", type=Path, help="Copy the pictures there.")
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            rows = export_products(options["file"], images=options["images"])
        except OSError as error:
            raise CommandError(
                f"{options['file']} cannot be written: {error.strerror}. Choose another place."
            ) from error
        seconds = round(time.monotonic() - started, 3)
        if options["json"]:
            self.stdout.write(json.dumps({"rows": rows, "seconds": seconds}))
        else:
            self.stdout.write(f"{rows} rows written to {options['file']} in {seconds:.1f} s.")
