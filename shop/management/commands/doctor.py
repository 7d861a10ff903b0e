"""Ask every invariant of the shop as one question to the database. Reports and proposes; never edits."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from shop.doctor.checks import Finding, run_checks


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="For machines.")
        parser.add_argument("--examples", type=int, default=5, help="How many rows to show for each violation.")

    def handle(self, *args: Any, examples: int = 5, **options: Any) -> None:
        findings = run_checks(examples=examples)
        broken = [finding for finding in findings if finding.violations]
        if options["json"]:
            self.stdout.write(json.dumps(as_json(findings), default=str))
        else:
            self._print(findings)
        if broken:
            raise SystemExit(1)

    def _print(self, findings: list[Finding]) -> None:
        console = Console(file=self.stdout, highlight=False)  # type: ignore[arg-type]
        for finding in findings:
            mark = "[red]broken[/red]" if finding.violations else "[green]holds [/green]"
            console.print(f"{mark} {finding.check.id:<5} {finding.check.name}")
            if finding.violations:
                console.print(f"       {finding.violations} row(s); {finding.check.repair}")
                for example in finding.examples:
                    console.print("       " + ", ".join(f"{key}={value}" for key, value in example.items()))
        broken = sum(1 for finding in findings if finding.violations)
        console.print(f"{len(findings)} checks, {broken} broken.")


def as_json(findings: list[Finding]) -> dict[str, Any]:
    return {
        "ok": not any(finding.violations for finding in findings),
        "checks": [
            {
                "id": finding.check.id,
                "name": finding.check.name,
                "violations": finding.violations,
                "examples": finding.examples,
                "repair": finding.check.repair if finding.violations else "",
            }
            for finding in findings
        ],
    }
