"""What a caller says about an import, and how it hears of the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalog.importing.detect import Kind
from catalog.importing.plan import RowChange
from shop.outgoing import FetchLimits

Watch = Callable[[RowChange], None]


class ImportStopped(Exception):
    """The database gave up in the middle. What was written stays; the same command goes on from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """`format_name` auto detects. `images` None looks for a folder `images` beside the file or above it.

    `fetches` None leaves pictures on other machines alone.
    """

    path: Path
    kind: Kind = "products"
    format_name: str = "auto"
    aborts: bool = False
    images: Path | None = None
    fetches: FetchLimits | None = None
    makes_categories: bool = True
    actor_name: str = "import"
    actor_id: int | None = None
