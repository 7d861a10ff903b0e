"""What an import tells its caller, in the shape that `--json` promises."""

from dataclasses import dataclass, field
from typing import Any

from catalog.importing.rows import RowError

ERRORS_KEPT = 10_000
"""So that a file of a million bad rows does not fill the memory; `failed` counts all of them."""


@dataclass(slots=True)
class ImportReport:
    """`rows` = created + updated + unchanged + failed. `products` counts distinct handles. `notes` are for people."""

    import_id: int | None = None
    format: str = ""
    rows: int = 0
    products: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    errors: list[RowError] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    def add_error(self, error: RowError) -> None:
        self.rows += 1
        self.failed += 1
        self.keep_errors([error])

    def keep_errors(self, errors: list[RowError]) -> None:
        self.errors += errors[: ERRORS_KEPT - len(self.errors)]

    def as_json(self) -> dict[str, Any]:
        return {
            "import_id": self.import_id,
            "format": self.format,
            "rows": self.rows,
            "products": self.products,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "errors": [error_as_json(error) for error in self.errors],
            "seconds": round(self.seconds, 3),
        }


def error_as_json(error: RowError) -> dict[str, Any]:
    return {"line": error.line, "column": error.column, "value": error.value, "reason": error.reason}


def first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".")[:300]
