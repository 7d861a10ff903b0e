"""Fill a blank install (a new database after `manage.py migrate`) from a folder that export_shop wrote."""

from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import CommandError
from django.db import DatabaseError

from shop.archive.console import ArchiveCommand
from shop.archive.manifest import Manifest, Progress, UnusableArchive
from shop.archive.restore import restore_shop


class Command(ArchiveCommand):
    help = __doc__

    def work(self, folder: Path, *, progress: Progress) -> Manifest:
        try:
            return restore_shop(folder, progress=progress)
        except UnusableArchive as refused:
            raise CommandError(str(refused)) from refused
        except DatabaseError as error:
            said = str(error).strip().split("\n", 1)[0]
            raise CommandError(f"The database refused the rows, and nothing was kept: {said}.") from error

    def tell(self, facts: Mapping[str, int], folder: Path) -> str:
        return (
            f"{facts['rows']} rows of {facts['tables']} tables and {facts['media']} files restored in "
            f"{facts['seconds']} s. Now run manage.py doctor."
        )
