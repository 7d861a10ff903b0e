"""What the two commands of the archive share: the folder, the progress, the facts at the end."""

import json
import time
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.archive.manifest import Manifest, Progress
from shop.archive.rules import ModelWithoutRule


class ArchiveCommand(BaseCommand):
    requires_system_checks: list[str] = []

    @abstractmethod
    def work(self, folder: Path, *, progress: Progress) -> Manifest:
        """Raises CommandError with a sentence for whatever stands in the way."""

    @abstractmethod
    def tell(self, facts: Mapping[str, int], folder: Path) -> str:
        """`facts`: tables, rows, media (files) and seconds."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        started, folder = time.monotonic(), options["folder"]
        shows = not options["json"] and self.stderr.isatty()
        try:
            manifest = self.work(folder, progress=lambda label: self.stderr.write(f"  {label}") if shows else None)
        except ModelWithoutRule as refused:
            raise CommandError(str(refused)) from refused
        facts = {
            "tables": len(manifest.tables),
            "rows": manifest.rows,
            "media": len(manifest.media),
            "seconds": round(time.monotonic() - started),
        }
        self.stdout.write(json.dumps(facts) if options["json"] else self.tell(facts, folder))
