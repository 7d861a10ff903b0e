"""`manage.py recount_stock`: work out carried sums of stock again."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error

from inventory.recounting import Recounted, recount_stock


class Command(BaseCommand):
    help = (
        "Work out allocated units and totals of stock again, from allocations and stock levels; what differed is set"
        " right, printed and audited. Units on hand are not touched: count the shelf for those. Safe at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only print what differs")
        parser.add_argument("--json", action="store_true", help="print the result for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = recount_stock(writes=not options["dry_run"], actor_name="recount_stock")
        except Error as problem:
            self.stderr.write(f"The database refused: {str(problem).strip()}")
            sys.exit(1)
        if options["json"]:
            self.stdout.write(json.dumps({"differences": [asdict(one) for one in found]}))
        else:
            self._print(found, is_dry=options["dry_run"])
        if any(one.refused for one in found):
            sys.exit(1)

    def _print(self, found: list[Recounted], *, is_dry: bool) -> None:
        for one in found:
            place = f" at {one.place}" if one.place else ""
            self.stdout.write(f"{one.sku}{place}: {one.what} {one.carried} -> {one.told}. {one.refused}".rstrip())
        left = sum(1 for one in found if one.refused or is_dry)
        self.stdout.write(f"{len(found)} differences, {len(found) - left} set right.")
