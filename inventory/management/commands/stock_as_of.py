"""Say what was in stock at an instant: units, value at cost (first in, first out), sales, cover, dead stock."""

import csv
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.importing.native_writer import guard_cell
from catalog.publication.instants import NoSuchInstant
from inventory.costs.as_of import CHOICES, DAYS, StockAsOf, read_stock_as_of
from inventory.costs.flow import ValueFlow, read_value_flow
from inventory.costs.table import HEADER, read_moment, write_rows
from shop.money import format_money

LONGEST_WINDOW = 3_650


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("when", nargs="?", metavar="WHEN", help='for example "2026-12-31 23:59"; nothing: now')
        parser.add_argument("--since", metavar="WHEN", help="say also how the value came from that instant to this one")
        parser.add_argument("--days", type=int, default=DAYS, help=f"the window for sales and cover (default {DAYS})")
        parser.add_argument("--only", choices=[name for name in CHOICES if name != "all"], help="only such lines")
        parser.add_argument("--file", type=Path, metavar="FILE", help="write every line to this CSV file")
        parser.add_argument("--json", action="store_true", help="print the totals for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= LONGEST_WINDOW:
            raise CommandError(f"--days takes 1 to {LONGEST_WINDOW}; {options['days']} was given.", returncode=2)
        try:
            at = read_moment(options["when"]) if options["when"] else timezone.now()
            since = read_moment(options["since"]) if options["since"] else None
        except NoSuchInstant as problem:
            raise CommandError(str(problem), returncode=2) from problem
        began = time.monotonic()
        answer = read_stock_as_of(at, days=options["days"], choice=options["only"] or "all")
        if options["file"]:
            _write_file(options["file"], answer)
        flow = read_value_flow(since=since, until=at) if since else None
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(answer, flow) | {"seconds": round(time.monotonic() - began, 3)}))
        else:
            self.stdout.write(_as_words(answer, flow, options["file"]))


def _write_file(path: Path, answer: StockAsOf) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for row in write_rows(answer.lines):
                writer.writerow([guard_cell(cell) if isinstance(cell, str) else cell for cell in row])
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error


def _as_json(answer: StockAsOf, flow: ValueFlow | None) -> dict[str, Any]:
    totals = answer.totals
    told = {
        "at": answer.at.isoformat(),
        "lines": totals.lines,
        "on_hand": int(totals.on_hand),
        "in_transit": int(totals.in_transit),
        "value": str(totals.value),
        "currency": settings.SHOP_CURRENCY,
        "units_without_cost": int(totals.uncosted),
        "sold": int(totals.sold),
        "days": answer.days,
    }
    if flow:
        amounts = {"opening": flow.opening, "came_in": flow.came_in, "went_out": flow.went_out, "closing": flow.closing}
        told["flow"] = {"since": flow.since.isoformat(), **{name: str(amount) for name, amount in amounts.items()}}
    return told


def _as_words(answer: StockAsOf, flow: ValueFlow | None, file: Path | None) -> str:
    totals, at = answer.totals, timezone.localtime(answer.at)
    words = (
        f"{at:%-d %B %Y, %H:%M} ({settings.TIME_ZONE}): {totals.on_hand} units of {totals.lines} SKUs on hand,"
        f" {totals.in_transit} on the way between locations, worth"
        f" {format_money(totals.value, settings.SHOP_CURRENCY)}; {totals.sold} sold in the {answer.days} days before."
    )
    if totals.uncosted:
        words += f" {totals.uncosted} units have no cost and count as 0."
    if flow:
        opening, came, went, closing = (
            format_money(amount, settings.SHOP_CURRENCY)
            for amount in (flow.opening, flow.came_in, flow.went_out, flow.closing)
        )
        since = timezone.localtime(flow.since)
        words += (
            f"\nSince {since:%-d %B %Y, %H:%M}: {opening} were there, {came} came in, {went} went out"
            f" (sold, lost, given away), {closing} are left."
        )
    return f"{words}\nWritten to {file}." if file else words
