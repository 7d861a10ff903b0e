"""Write a product feed to a file: google.xml, google.tsv, meta.csv or products.jsonl."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.storefront.feeds.checking import note_report
from shop.storefront.feeds.export import FeedReport, UnknownFeed, find_format, write_feed
from shop.storefront.feeds.formats import FORMATS

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help=", ".join(FORMATS))
        parser.add_argument("file", type=Path, help="Written whole or not at all.")
        parser.add_argument("--json", action="store_true", help="Print the report, with every rejected item, as JSON.")

    def handle(self, *args: Any, name: str, file: Path, json: bool = False, **options: Any) -> None:
        try:
            wanted = find_format(name)
        except UnknownFeed as problem:
            raise CommandError(str(problem), returncode=2) from problem
        report, begun = FeedReport(), time.monotonic()
        beside = file.with_name(f".{file.name}.part")
        try:
            with beside.open("w", encoding="utf-8", newline="") as target:
                for piece in write_feed(wanted, report=report):
                    target.write(piece)
            beside.replace(file)
        except OSError as problem:
            raise CommandError(f"{file} cannot be written: {problem.strerror}. Choose another place.") from problem
        finally:
            beside.unlink(missing_ok=True)
        seconds = round(time.monotonic() - begun, 2)
        note_report(name, report, seconds=seconds, file=file.name, actor_name="command line")
        self.stdout.write(_as_json(report, wanted.name, seconds) if json else _as_words(report, file, seconds))


def _as_json(report: FeedReport, name: str, seconds: float) -> str:
    return json.dumps({"feed": name, "seconds": seconds, **report.as_json()})


def _as_words(report: FeedReport, file: Path, seconds: float) -> str:
    lines = [f"{report.items} items in {file} after {seconds} s, {len(report.rejected)} rejected."]
    lines += [f"  {one.sku or one.product_id} {one.title}: {one.reason}" for one in report.rejected[:SHOWN]]
    if len(report.rejected) > SHOWN:
        lines.append(f"  … and {len(report.rejected) - SHOWN} more; --json lists them all.")
    return "\n".join(lines)
