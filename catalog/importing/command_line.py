"""What the import commands share: options, progress for people, JSON for machines, exit codes."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from catalog.importing.apply import ImportAborted, import_file, preview_import
from catalog.importing.detect import READERS, Kind
from catalog.importing.errors_file import RefusedLines
from catalog.importing.import_options import ImportOptions, ImportStopped, Watch
from catalog.importing.lists import import_list
from catalog.importing.plan import RowChange
from catalog.importing.report import ImportReport
from catalog.importing.rows import RowError, UnreadableFile
from catalog.importing.runs import ImportIsRunning
from catalog.importing.shown_values import show_change
from shop.outgoing import FetchLimits

SHOWN_ERRORS = 20
COLOURS = {"created": "green", "updated": "yellow", "unchanged": "dim", "failed": "red"}


class ImportCommand(BaseCommand):
    """Exit code 1 when a row or the file was refused, 2 on bad usage."""

    kind: ClassVar[Kind] = "products"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV, JSON Lines, .xlsx or .xls.")
        parser.add_argument("--dry-run", action="store_true", help="Show row by row what would change; write nothing.")
        parser.add_argument(
            "--on-error",
            choices=("skip", "abort"),
            default="skip",
            help="skip: import the good rows (default). abort: all rows or none.",
        )
        parser.add_argument(
            "--errors-file",
            metavar="PATH",
            type=Path,
            help="Write the refused rows there, each with its reason, to be corrected and imported again.",
        )
        parser.add_argument("--json", action="store_true", help="For machines.")
        if self.kind == "products":
            parser.add_argument("--format", choices=("auto", *READERS), default="auto")
            parser.add_argument(
                "--download-images", action="store_true", help="Fetch pictures from the public addresses in the file."
            )
            parser.add_argument("--images", metavar="FOLDER", type=Path, help="Default: images beside the file.")
            parser.add_argument(
                "--no-new-categories", action="store_true", help="Refuse rows that name a category the shop lacks."
            )

    def handle(self, *args: Any, **options: Any) -> None:
        for path, wanted in ((options["file"], "file"), (options.get("images"), "folder")):
            if path is not None and not (path.is_dir() if wanted == "folder" else path.exists()):
                raise CommandError(f"There is no {wanted} {path}. Check the path.", returncode=2)
        if options["errors_file"] is not None and not options["errors_file"].resolve().parent.is_dir():
            raise CommandError(f"There is no folder for {options['errors_file']}. Check the path.", returncode=2)
        console = Console(file=self.stderr, highlight=False)  # type: ignore[arg-type]
        report = self._run(options, console=console)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self._print(report, is_dry=options["dry_run"])
        if report.failed:
            raise SystemExit(1)

    def _run(self, options: dict[str, Any], *, console: Console) -> ImportReport:
        chosen = ImportOptions(
            path=options["file"],
            kind=self.kind,
            format_name=options.get("format", "auto"),
            aborts=options["on_error"] == "abort",
            images=options.get("images"),
            fetches=FetchLimits() if options.get("download_images") else None,
            makes_categories=not options.get("no_new_categories", False),
            actor_name=f"import_{self.kind}",
        )
        shows_rows = options["dry_run"] and not options["json"]
        shows_progress = console.is_terminal and not shows_rows and not options["json"]
        progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        with progress if shows_progress else nullcontext():
            task = progress.add_task(f"Importing {self.kind}", total=None)
            refused = RefusedLines()

            def watch(change: RowChange) -> None:
                if change.error is not None:
                    refused.add(change.error)
                if shows_rows:
                    self._print_row(change)
                progress.advance(task)

            try:
                report = self.run_import(chosen, watch=watch, is_dry=options["dry_run"])
            except ImportAborted as aborted:
                aborted.report.notes.insert(0, str(aborted))
                report = aborted.report
            except (UnreadableFile, ImportIsRunning, ImportStopped) as error:
                whole = RowError(line=0, column="", value=options["file"].name, reason=str(error))
                return ImportReport(format=chosen.format_name, failed=1, errors=[whole])
        if options["errors_file"] is not None:
            for problem in report.errors:
                refused.add(problem)
            written = refused.write(chosen.path, to=options["errors_file"], format_name=report.format)
            report.notes.append(f"{written.name} holds the {len(refused.reasons)} refused rows with their reasons.")
        return report

    def run_import(self, chosen: ImportOptions, *, watch: Watch, is_dry: bool) -> ImportReport:
        return (preview_import if is_dry else import_file)(chosen, watch=watch)

    def _print_row(self, change: RowChange) -> None:
        console = Console(file=self.stdout, highlight=False, soft_wrap=True)  # type: ignore[arg-type]
        line = Text(f"line {change.line:<6} ").append(f"{change.outcome:<9}", COLOURS[change.outcome])
        line.append(f" {change.sku}")
        if change.error is not None:
            line.append(
                f" {change.error.column}: {change.error.reason}" if change.error.column else f" {change.error.reason}"
            )
        elif change.outcome == "updated":
            line.append(
                "  "
                + "; ".join(
                    "{} {} → {}".format(name, *show_change(old, new)) for name, (old, new) in change.fields.items()
                )
            )
        console.print(line)

    def _print(self, report: ImportReport, *, is_dry: bool) -> None:
        console = Console(file=self.stdout, highlight=False, soft_wrap=True)  # type: ignore[arg-type]
        for error in report.errors[:SHOWN_ERRORS]:
            where = f"line {error.line}" if error.line else error.value
            console.print(Text(f"{where}{', ' + error.column if error.column else ''}: {error.reason}", "red"))
        if len(report.errors) > SHOWN_ERRORS:
            console.print(f"… and {report.failed - SHOWN_ERRORS} more refused rows; --json lists them.")
        for note in report.notes:
            console.print(Text(note))
        what = "Dry run, nothing was written" if is_dry else f"Import {report.import_id or '–'}"
        console.print(
            f"{what}: {report.rows} rows of {report.products} products ({report.format}): {report.created} created, "
            f"{report.updated} updated, {report.unchanged} unchanged, {report.failed} failed, in {report.seconds:.1f} s."
        )
        if report.import_id and (report.created or report.updated) and not is_dry:
            console.print(f"To take it back: manage.py undo_import {report.import_id}")


class ListCommand(ImportCommand):
    """A list whose rows stand for themselves."""

    def run_import(self, chosen: ImportOptions, *, watch: Watch, is_dry: bool) -> ImportReport:
        return import_list(chosen, watch=watch, is_dry=is_dry)
