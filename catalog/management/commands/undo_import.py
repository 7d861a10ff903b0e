"""Take an import back. Rows that somebody changed since are left alone and listed; an undo can be undone."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.importing.undo import CannotUndo, undo_import

SHOWN = 50


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("import_id", metavar="ID", type=int)
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = undo_import(options["import_id"], actor_name="undo_import", progress=lambda count: None)
        except CannotUndo as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
            return
        for left in report.left_alone[:SHOWN]:
            self.stdout.write(f"{left.subject} {left.identifier}: changed since ({', '.join(left.fields)}), left alone")
        if len(report.left_alone) > SHOWN:
            self.stdout.write(f"… and {len(report.left_alone) - SHOWN} more; --json lists them.")
        self.stdout.write(
            f"Import {report.undo_of} is taken back: {report.restored} restored, {report.removed} removed, "
            f"{report.withdrawn} taken off sale because they are needed by now, {len(report.left_alone)} left alone. "
            f"To undo this: manage.py undo_import {report.import_id}"
        )
