"""Compare the provider's payments and refunds with ours, both ways. Heals by settling; moves no money; exit 1 on findings."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from checkout.payments.errors import ProviderRefused, ProviderUnavailable
from checkout.payments.reconcile import DAYS, Reconciliation, reconcile_payments


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="For machines.")
        parser.add_argument("--days", type=int, default=DAYS, help="How far to look back (1 to 90).")

    def handle(self, *args: Any, days: int = DAYS, **options: Any) -> None:
        if not 1 <= days <= 90:
            raise CommandError(f"--days is {days}; it must be from 1 to 90.", returncode=2)
        try:
            result = reconcile_payments(days=days)
        except (ProviderUnavailable, ProviderRefused) as problem:
            raise CommandError(f"The payment provider cannot be compared with now: {problem}") from problem
        if options["json"]:
            self.stdout.write(json.dumps(result.to_json(), default=str))
        else:
            self._print(result)
        if result.differences:
            raise SystemExit(1)

    def _print(self, result: Reconciliation) -> None:
        console = Console(file=self.stdout, highlight=False)  # type: ignore[arg-type]
        for one in result.differences:
            console.print(f"[red]{one.kind}[/red] {one.ref} {one.order}: {one.sentence} {one.proposal}")
        console.print(
            f"{result.payments} payments and {result.refunds} refunds compared,"
            f" {result.healed} healed, {len(result.differences)} left for a person."
        )
