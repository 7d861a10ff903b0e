"""Make the groups of the team's roles, or bring them up to date. Safe to run at any time, twice."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.backoffice.roles import ensure_roles


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        names = ", ".join(group.name for group in ensure_roles())
        if options["verbosity"]:
            self.stdout.write(f"Roles: {names}.")
