"""Handle every job that is due, here and now. Safe to run at any time, twice, and beside the worker."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import track

from shop.outbox.models import OutboxEvent
from shop.outbox.relay import due_event_ids, handle_event


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        done = failed = 0
        quiet = options["json"] or not self.stdout.isatty()
        while ids := due_event_ids(limit=1000):
            progress = 0
            for event_id in track(ids, description="Jobs", disable=quiet):
                handled = handle_event(event_id)
                progress += handled
                done += handled
                failed += not handled
            if not progress:
                break
        parked = OutboxEvent.objects.filter(parked_at__isnull=False).count()
        if options["json"]:
            self.stdout.write(json.dumps({"done": done, "not_done": failed, "parked": parked}))
        else:
            self.stdout.write(f"{done} job(s) done, {failed} left for later, {parked} parked.")
        if failed or parked:
            raise SystemExit(1)
