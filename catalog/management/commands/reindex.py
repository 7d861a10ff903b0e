"""`manage.py reindex`: rewrite every search document."""

import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.search.reindex import count_products, reindex_products


class Command(BaseCommand):
    help = "Rewrite every search document. Safe while the shop is open, twice, and beside itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True)
        started = time.monotonic()
        columns = (TextColumn("Search documents"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, disable=options["json"] or not console.is_terminal) as progress:
            task = progress.add_task("", total=count_products())
            done = reindex_products(advance=lambda count: progress.advance(task, count))
        seconds = round(time.monotonic() - started, 2)
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(done), "seconds": seconds}))
        else:
            self.stdout.write(
                f"{done.documents} of {done.products} products are listed, {done.removed} documents removed, "
                f"{done.words} words known, {seconds} s."
            )
