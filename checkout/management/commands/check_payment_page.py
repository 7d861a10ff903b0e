"""Fetch the payment page as a browser does, and compare its scripts and its policy with the inventory; exit 1 on findings."""

import json
from argparse import ArgumentParser
from typing import Any

import requests
from django.core.management.base import BaseCommand, CommandError

from checkout.payments.element.watching import NothingToLookAt, look_at_page, watch_payment_page


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="For machines.")
        parser.add_argument(
            "--address", default="", help="Of a payment page; without it that of the latest open payment."
        )

    def handle(self, *args: Any, address: str = "", **options: Any) -> None:
        sentence = ""
        try:
            found = look_at_page(address) if address else watch_payment_page()
        except NothingToLookAt as nothing:
            found, sentence = [], str(nothing)
        except requests.RequestException as problem:
            raise CommandError(f"The payment page cannot be fetched: {problem}") from problem
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not found, "findings": found, "note": sentence}))
        else:
            self.stdout.write("\n".join(found) or sentence or "The payment page is as listed.")
        if found:
            raise SystemExit(1)
