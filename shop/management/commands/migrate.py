"""`manage.py migrate`: Django's own, except that it never holds up a shop that sells (see shop.migrating)."""

from functools import partial
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from shop.migrating import TableIsBusy, migrate_in_turns


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            migrate_in_turns(partial(super().handle, *args, **options), connections[options["database"]])
        except TableIsBusy as busy:
            raise CommandError(str(busy)) from busy
