"""`manage.py expire_reservations`: mark reservations whose time is over as released."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error

from inventory.reservation import release_expired


class Command(BaseCommand):
    help = (
        "Mark reservations whose time is over as released. Safe at any time, twice, and beside itself: their units are"
        " free for sale from their last second on, with or without this."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            released = release_expired()
        except Error as problem:
            self._print(as_json=options["json"], ok=False, released=0, problem=str(problem).strip())
            sys.exit(1)
        self._print(as_json=options["json"], ok=True, released=released, problem="")

    def _print(self, *, as_json: bool, ok: bool, released: int, problem: str) -> None:
        if as_json:
            self.stdout.write(json.dumps({"ok": ok, "released": released, "problem": problem}))
        elif ok:
            self.stdout.write(f"{released} reservations had run out and were released.")
        else:
            self.stderr.write(f"The database refused: {problem}")
