"""Write the whole shop to a new folder: every table as JSON Lines, the media, and a manifest. See docs/archive.md."""

from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import CommandError

from shop.archive.console import ArchiveCommand
from shop.archive.export import FolderInUse, export_shop
from shop.archive.manifest import Manifest, Progress


class Command(ArchiveCommand):
    help = __doc__

    def work(self, folder: Path, *, progress: Progress) -> Manifest:
        try:
            return export_shop(folder, progress=progress)
        except FolderInUse as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}. Choose another place.") from error

    def tell(self, facts: Mapping[str, int], folder: Path) -> str:
        return (
            f"{facts['rows']} rows of {facts['tables']} tables and {facts['media']} files written to {folder} in "
            f"{facts['seconds']} s. Keep the folder as you keep the database: it holds customers' data."
        )
