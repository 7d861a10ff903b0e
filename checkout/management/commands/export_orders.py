"""Write every order to a file, one row for each line: CSV, or JSON Lines for a name that ends in .jsonl."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checkout.orders.export import export_orders
from shop.audit.record import record_action


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            orders, rows = export_orders(options["file"])
        except OSError as error:
            raise CommandError(
                f"{options['file']} cannot be written: {error.strerror}. Choose another place."
            ) from error
        record_action(
            action="export",
            subject_type="order",
            subject_id="all",
            actor_name="command line",
            after={"orders": orders, "rows": rows, "file": options["file"].name},
            reason="Orders with names and addresses were written to a file.",
        )
        seconds = round(time.monotonic() - started, 3)
        if options["json"]:
            self.stdout.write(json.dumps({"orders": orders, "rows": rows, "seconds": seconds}))
        else:
            self.stdout.write(f"{orders} orders in {rows} rows written to {options['file']} in {seconds:.1f} s.")
